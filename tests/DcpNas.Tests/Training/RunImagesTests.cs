using System.Security.Cryptography;
using DcpNas.Data;
using DcpNas.Export;
using DcpNas.Native;
using DcpNas.Protocols.Detection;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Tests.Runs;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Training;

/// <summary>Evaluation and export read the images that the training of a run held out or left alone, and none that it learned.</summary>
public sealed class RunImagesTests
{
    private static readonly TrainOptions Classifier = TrainFixture.Tiny with
    {
        TrainImages = 50,
        TestImages = 20,
        Epochs = 1,
        TwoStep = false,
        ReestimateImages = 0,
    };

    public RunImagesTests() => LibTorch.Load();

    [Theory]
    [InlineData(4, 0.2)]
    [InlineData(9, 0.4)]
    public void OfAClassifier_EvaluatedAndExported_AreThoseThatWereHeldOut(int seed, double share)
    {
        using var folder = new TemporaryFolder();
        var options = Classifier with { Seed = seed, ValidationShare = share };
        var run = Train(options, folder);
        var (learned, selecting, judging) = Read(options);
        Assert.Equal((50 - (int)(50 * share), (int)(50 * share), 20), (learned.Length, selecting.Length, judging.Length));

        var evaluation = new ClassificationEvaluationOptions { Model = run, Threads = 1, Workers = 0 };
        Assert.Equal(judging, Evaluated(evaluation));
        Assert.Equal(selecting, Evaluated(evaluation with { Split = SplitNames.Valid }));
        Assert.Equal(selecting, Exported(run));
        Assert.Empty(learned.Intersect(selecting.Concat(judging)));
    }

    [Fact]
    public void OfADetector_EvaluatedAndExported_AreThoseThatWereHeldOut()
    {
        using var folder = new TemporaryFolder();
        var options = DetectFixture.Tiny with { Epochs = 1, TwoStep = false, ReestimateImages = 0 };
        var run = Train(options, folder);
        var (learned, selecting, judging) = Read(options);
        Assert.Equal((24, 6, 8), (learned.Length, selecting.Length, judging.Length));

        var evaluation = new DetectionEvaluationOptions { Model = run, Threads = 1 };
        using var setup = TrainSetup.Prepare(options);
        var data = (DetectionData)setup.Data;
        Assert.Equal(data.Test.Select(data.Dataset.Test.ImageId), Evaluated(evaluation));
        Assert.Equal(data.Validation.Select(data.Dataset.Train.ImageId), Evaluated(evaluation with { Split = SplitNames.Valid }));
        using var model = TrainedModel.Load(run);
        var split = DetectorExport.Images(model, new ExportOptions { Model = run, Out = "net" });
        Assert.Equal(selecting, Hashes(DetectionImages.Batches(split, model.Info.Preprocessing, 4, null).Select(batch => batch.Images)));
        Assert.Empty(learned.Intersect(selecting.Concat(judging)));
    }

    [Fact]
    public void OfPersons_Exported_AreThoseThatWereHeldOut()
    {
        using var folder = new TemporaryFolder();
        var options = new ReIdentificationTrainOptions
        {
            Genotype = "DDPNAS_MCN_2",
            Cells = 1,
            Channels = 2,
            StemMultiplier = 1,
            Identities = 8,
            Height = 24,
            Width = 16,
            Epochs = 1,
            WarmupEpochs = 0,
            TwoStep = false,
            BatchSize = 16,
            ValidationShare = 0.25,
            ReestimateImages = 0,
            Workers = 0,
            Threads = 1,
            Seed = 4,
        };
        var run = Train(options, folder);
        var (learned, selecting, judging) = Read(options);
        Assert.Equal((72, 24), (learned.Length, selecting.Length));
        Assert.Equal(selecting, Exported(run));
        Assert.Empty(learned.Intersect(selecting.Concat(judging)));
    }

    [Fact]
    public void OfOtherData_Evaluated_AreTheirTestImagesWhateverTheRunUsed()
    {
        using var folder = new TemporaryFolder();
        var run = Train(Classifier, folder);
        var elsewhere = new ClassificationEvaluationOptions { Model = run, Threads = 1, Workers = 0, Data = folder["elsewhere"] };
        var outcome = ClassificationEvaluationRun.Execute(elsewhere, null, (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Equal((1000L, "evaluation-synthetic.json"), (outcome.Metrics.Images, Path.GetFileName(outcome.JsonPath)));
        Assert.Equal(
            $"{Path.Combine(run, "best.safetensors")}: which images were held out is known only to the run that trained it, on its own data. "
            + "Name a run folder without other data, or use --split test.",
            Assert.Throws<InputException>(() => Evaluated(elsewhere with { Split = SplitNames.Valid })).Message);

        using var model = TrainedModel.Load(run);
        using var named = ExportImages.Open(model, new ExportOptions { Model = run, Out = "net", Dataset = "synthetic", Images = 7 });
        Assert.Equal("7 test images of synthetic shapes", named.Source);
        using var moved = ExportImages.Open(model, new ExportOptions { Model = run, Out = "net", Data = folder["elsewhere"], Images = 7 });
        Assert.Equal("7 validation images of synthetic shapes", moved.Source);
    }

    [Fact]
    public void OfOtherData_EvaluatedByADetector_AreTheirTestImagesWhateverTheRunUsed()
    {
        using var folder = new TemporaryFolder();
        var run = Train(DetectFixture.Tiny with { Epochs = 1, TwoStep = false, ReestimateImages = 0 }, folder);
        var elsewhere = new DetectionEvaluationOptions { Model = run, Threads = 1, Data = folder["elsewhere"], Images = 20 };
        var outcome = DetectionEvaluationRun.Execute(elsewhere, null, (_, _) => { }, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal((20, "detection-synthetic-20-images.json"), (outcome.Images, Path.GetFileName(outcome.JsonPath)));
        Assert.Equal("synthetic scenes: the number of images must be from 1 to 500, got 501.", Fault(elsewhere with { Images = 501 }));
        Assert.Contains("which images were held out is known only to the run", Fault(elsewhere with { Split = SplitNames.Valid }), StringComparison.Ordinal);

        static string Fault(DetectionEvaluationOptions options) => Assert.Throws<InputException>(() => Evaluated(options)).Message;
    }

    private static string Train(TrainingOptions options, TemporaryFolder folder)
    {
        TrainRun.Execute(options, folder["run"], "train", new TrainFixture(), _ => { }, TestContext.Current.CancellationToken);
        return folder["run"];
    }

    /// <summary>What a training of these options learns, selects by and tests, as the network reads it.</summary>
    private static (string[] Learned, string[] Selecting, string[] Judging) Read(TrainingOptions options)
    {
        using var setup = TrainSetup.Prepare(options);
        string[] Of(IEnumerable<TaskBatch> batches) => Hashes(batches.Select(batch => batch.Images));
        return (Of(setup.Data.Calibration(10_000)), Of(setup.Data.Validation()), Of(setup.Data.Test()));
    }

    private static string[] Evaluated(ClassificationEvaluationOptions options)
    {
        var outcome = ClassificationEvaluationRun.Execute(options, null, (_, _) => { }, TestContext.Current.CancellationToken);
        using var model = TrainedModel.Load(options.Model);
        var plain = new BatchLoaderOptions { BatchSize = 7, Workers = 0, Statistics = model.Info.Preprocessing.Statistics };
        using var loader = new BatchLoader(outcome.Images, [.. outcome.Indices], plain);
        return Hashes(loader.Epoch(0).Select(batch => batch.Images));
    }

    /// <summary>The numbers of the images that an evaluation leaves in its ground truth.</summary>
    private static IEnumerable<long> Evaluated(DetectionEvaluationOptions options)
    {
        var outcome = DetectionEvaluationRun.Execute(options, null, (_, _) => { }, _ => { }, TestContext.Current.CancellationToken);
        return CocoAnnotations.Read(outcome.GroundTruthPath!).Images.Select(image => image.Id);
    }

    private static string[] Exported(string run)
    {
        using var model = TrainedModel.Load(run);
        using var images = ExportImages.Open(model, new ExportOptions { Model = run, Out = "net" });
        return Hashes(images.Batches());
    }

    private static string[] Hashes(IEnumerable<Tensor> batches)
    {
        var hashes = new List<string>();
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            hashes.AddRange(batch.unbind(0).Select(image => Convert.ToHexString(SHA256.HashData(image.contiguous().bytes.ToArray()))));
        }

        return [.. hashes];
    }
}
