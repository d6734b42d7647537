using DcpNas.Data;
using DcpNas.Export;
using DcpNas.Runs;
using DcpNas.Runtime;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Data;
using DcpNas.Tests.Networks;
using DcpNas.Tests.Runs;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>From a run folder to a file.</summary>
public class ExportRunTests
{
    private static TrainOptions Tiny { get; } = new()
    {
        Genotype = Examples.Genotype.ToString(),
        Channels = 4,
        Cells = 3,
        StemMultiplier = 1,
        TrainImages = 48,
        TestImages = 20,
        Epochs = 1,
        Step1Epochs = 1,
        BatchSize = 12,
        ReestimateImages = 24,
        Threads = 1,
        Workers = 0,
    };

    [Fact]
    public void Execute_OfATrainedRun_WritesAProvenModelAndOnnx()
    {
        using var folder = new TemporaryFolder();
        var run = Train(Tiny, folder);

        var packed = Execute(new ExportOptions { Model = run, Out = folder["net.dcpnas"], Images = 4 });
        var onnx = Execute(new ExportOptions { Model = run, Out = folder["net.onnx"], Format = ExportFormat.Onnx });

        Assert.Equal(Path.Combine(run, RunFiles.BestModel), packed.Model);
        Assert.Equal("4 validation images of synthetic shapes", packed.ProofImages);
        Assert.Equal(4, packed.Proof!.Images);
        Assert.True(packed.Proof.SumSigns > 0 && packed.Proof.Sums > 0 && packed.Proof.RealSigns > 0);
        Assert.Equal(new FileInfo(folder["net.dcpnas"]).Length, packed.Bytes);
        Assert.Null(onnx.Proof);
        Assert.Null(onnx.FixedPoint);
        Assert.Equal((2, 2), (packed.FixedPoint!.CalibrationImages, packed.FixedPoint.Agreement.Images));
        Assert.InRange(packed.FixedPoint.Agreement.RelativeError, 1e-9, 0.5);
        Assert.NotNull(packed.FixedPoint.Agreement.SameClass);
        Assert.InRange(packed.FixedPoint.Agreement.ExactTop1!.Value, 0, 1);
        Assert.InRange(packed.FixedPoint.Agreement.FastTop1!.Value, 0, 1);
        Assert.Null(Execute(new ExportOptions { Model = run, Out = folder["one.dcpnas"], Images = 1 }).FixedPoint);
        Assert.Null(Execute(new ExportOptions { Model = run, Out = folder["exact.dcpnas"], Images = 4, Fast = false }).FixedPoint);
        Assert.Null(packed.Integers);
        var whole = Execute(new ExportOptions { Model = run, Out = folder["integer.dcpnas"], Images = 4, IntegerMode = true });
        Assert.NotNull(whole.FixedPoint);
        Assert.Equal((2, 2), (whole.Integers!.CalibrationImages, whole.Integers.Agreement.Images));
        Assert.Equal(whole.Integers.Agreement, PackedModel.Load(folder["integer.dcpnas"]).Info.Integers!.Agreement);
        Assert.Equal(["calibration_images", "images", "relative_error", "same_class", "exact_top1", "integer_top1"], whole.ToJson()["integer"]!.AsObject().Select(pair => pair.Key));
        Assert.True(onnx.Bytes > 0);
        using var model = TrainedModel.Load(run);
        var info = PackedModel.Load(folder["net.dcpnas"]).Info;
        Assert.Equal(model.Info.ClassNames, info.Classes);
        Assert.Equal(model.Info.Preprocessing.Statistics.Mean, info.Preprocessing!.Mean);
        Assert.StartsWith("dcpnas ", info.Producer);
        Assert.Equal(model.Info.Network, ExportedNetwork.Of(PackedModel.Load(folder["net.dcpnas"]), "net").Network);
        ReadsPixelsLikeTheTraining(model, folder["net.dcpnas"]);

        var error = Assert.Throws<InputException>(() => Execute(new ExportOptions { Model = Path.Combine(run, RunFiles.Step1Model), Out = folder["no"] }));
        Assert.StartsWith("The network has real weights: it is that of step 1, or a teacher.", error.Message);
        Execute(new ExportOptions { Model = Path.Combine(run, RunFiles.Step1Model), Out = folder["step1.onnx"], Format = ExportFormat.Onnx });
        Assert.False(File.Exists(folder["no"]));
    }

    [Fact]
    public void Execute_OfANetworkTrainedOnRealImages_IsProvenOnItsValidationImages()
    {
        using var folder = new TemporaryFolder();
        var data = RealData.Folder("cifar-10-batches-bin");
        var run = Train(Tiny with { Dataset = "cifar10", Data = data, TrainImages = 240, Channels = 6, Epochs = 1, BatchSize = 24, ReestimateImages = 48 }, folder);

        var outcome = Execute(new ExportOptions { Model = run, Out = folder["net.dcpnas"], Images = 16 });

        Assert.Equal(16, outcome.Proof!.Images);
        Assert.InRange(outcome.Proof.RoundingTies, 0, outcome.Proof.RealSigns / 10_000);
        Assert.InRange(outcome.Proof.FloatAgreement, 0.9, 1);
    }

    [Fact]
    public void Execute_WithoutARunBesideTheCheckpoint_WantsADataSet()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = Save(folder);

        var error = Assert.Throws<InputException>(() => Execute(new ExportOptions { Model = path, Out = folder["net"] }));
        Assert.Equal($"{path}: there is no options.json beside it, so the images of its run are unknown. Name a data set with --dataset, and its folder with --data.", error.Message);
        Assert.Equal("3 test images of synthetic shapes", Execute(new ExportOptions { Model = path, Out = folder["net"], Dataset = "synthetic", Images = 3 }).ProofImages);
    }

    [Fact]
    public void Execute_WithOptionsOutOfRange_NamesAll()
    {
        var error = Assert.Throws<OptionsException>(() => Execute(new ExportOptions { Model = "", Out = Path.GetTempPath(), Images = 0 }));
        Assert.Contains("the model must be a run folder or a checkpoint, got an empty name.", error.Message);
        Assert.Contains($"out must name a file, got '{Path.GetTempPath()}'.", error.Message);
        Assert.Contains("images must be at least 1, got 0.", error.Message);
        error = Assert.Throws<OptionsException>(() => Execute(new ExportOptions { Model = "run", Out = "net.onnx", Images = 1, IntegerMode = true, Format = ExportFormat.Onnx }));
        Assert.Contains("integer is a mode of packed models; leave it out for ONNX.", error.Message);
        Assert.Contains("images must be at least 2 for the integer mode, which is made from one half and measured on the other, got 1.", error.Message);
    }

    [Fact]
    public void Execute_IntoAFolderThatIsNotThere_IsRefusedBeforeTheWork()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => Execute(new ExportOptions { Model = "none", Out = folder["a/net"] }));
        Assert.Equal($"{folder["a/net"]}: there is no folder {folder["a"]}. Create it, or name a file elsewhere.", error.Message);
    }

    private static ExportOutcome Execute(ExportOptions options) => ExportRun.Execute(options, cancellation: TestContext.Current.CancellationToken);

    private static string Train(TrainOptions options, TemporaryFolder folder)
    {
        var run = folder["run"];
        TrainRun.Execute(options, run, "dcpnas train", new Silence(), _ => { }, TestContext.Current.CancellationToken);
        return run;
    }

    /// <summary>A network of 32 x 32 images, saved without its run.</summary>
    private static string Save(TemporaryFolder folder)
    {
        var images = DatasetCatalog.Open("synthetic", null);
        var description = Examples.Of("birealnet18") with { ImageHeight = images.Train.Height, ImageWidth = images.Train.Width };
        var task = new DcpNas.Tasks.Classification.ClassificationTask(images.Train.ClassNames);
        using var network = DcpNas.Tasks.TaskNetwork.Create(description, task);
        var path = folder["alone.safetensors"];
        TrainedModel.Save(path, network, new(description, task.Name, task.ClassNames,
            new(images.Train.Height, images.Train.Width, images.Train.Channels, images.Statistics), images.Name), []);
        return path;
    }

    /// <summary>8-bit pixels through the preprocessing of the file give what normalised batches give the network.</summary>
    private static void ReadsPixelsLikeTheTraining(TrainedModel model, string path)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var data = DatasetCatalog.Open("synthetic", null);
        using var loader = new BatchLoader(data.Test, [0, 1, 2], new BatchLoaderOptions { BatchSize = 3, Statistics = model.Info.Preprocessing.Statistics });
        var batch = loader.Epoch(0).First();
        var expected = model.Network.Run(batch.Images).Main[0];
        using var runner = new PackedRunner(PackedModel.Load(path));
        var pixels = new byte[data.Test.Channels * data.Test.Height * data.Test.Width];
        for (var image = 0; image < 3; image++)
        {
            data.Test.ReadPixels(image, pixels);
            runner.Run(pixels, PixelLayout.Nchw);
            Compare(expected[image].data<float>().ToArray(), runner.Logits.ToArray());
        }

        static void Compare(float[] expected, float[] found)
        {
            Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second - pair.First, -1e-3, 1e-3));
        }
    }

    private sealed class Silence : ITrainObserver;
}
