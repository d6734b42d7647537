using System.Text;
using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Evaluation;
using DcpNas.Networks;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Data;
using DcpNas.Tests.Evaluation;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.Classification;

public sealed class ClassificationEvaluationRunTests
{
    private const int Images = 60;
    private static readonly NetworkDescription Network = new() { Genotype = Discretizer.Random(3), Channels = 4, Cells = 3 };
    private static readonly SyntheticDataset Data = new(0, new DatasetOptions().SyntheticTestImages, test: true);
    private static readonly ChannelStatistics Statistics = new([0.4, 0.5, 0.6], [0.2, 0.25, 0.3]);

    [Fact]
    public void Execute_OnATrainedNetwork_MeasuresWhatItSaysImageByImage()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var path = Save(folder);
        var outcome = ClassificationEvaluationRun.Execute(Options(path), null, (_, _) => { }, TestContext.Current.CancellationToken);

        using var model = TrainedModel.Load(path);
        var (right, loss) = (0, 0.0);
        for (var i = 0; i < Images; i++)
        {
            using var guard = no_grad();
            var logits = model.Network.Run(Image(outcome.Indices[i])).Main[0].to(ScalarType.Float64);
            var label = Data.Label(outcome.Indices[i]);
            right += logits.argmax(1).item<long>() == label ? 1 : 0;
            loss -= logits.log_softmax(1)[0, label].item<double>();
        }

        Assert.Equal(Images, outcome.Metrics.Images);
        Assert.Equal((double)right / Images, outcome.Metrics.Top1, 1e-12);
        Assert.Equal(loss / Images, outcome.Metrics.Loss, 1e-5);
        Assert.Equal(Enumerable.Repeat(6L, 10), outcome.Metrics.PerClass.Select(one => one.Count));

        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "evaluation-60-images.json")))!;
        Assert.Equal(outcome.Metrics.Top1, json["metrics"]!["top1"]!.GetValue<double>());
        Assert.Equal(NetworkCatalog.Cost(Network, 10).Total.Ops, json["cost"]!["ops"]!.GetValue<double>());
        Assert.Equal("synthetic shapes", json["dataset"]!.GetValue<string>());
        var page = File.ReadAllText(Path.Combine(folder.Path, "evaluation-60-images.html"));
        Assert.Contains("Confusion matrix", page, StringComparison.Ordinal);
        Assert.Contains("striped triangle", page, StringComparison.Ordinal);
        Assert.True(page.Split("data:image/png;base64,").Length > 18, "The page shows too few samples.");
    }

    [Fact]
    public void Execute_WithOtherBatches_GivesTheSameMeasures()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        double[] Losses() => [.. ((int[])[1, 7, 64]).Select(size => ClassificationEvaluationRun.Execute(Options(path) with { BatchSize = size, Images = 20 }, null, (_, _) => { }, TestContext.Current.CancellationToken).Metrics.Loss)];
        Assert.All(Losses(), loss => Assert.Equal(Losses()[0], loss, 1e-5));
    }

    [Fact]
    public void Execute_OnOtherClasses_SaysHowMany()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        var images = Folder(folder);
        var error = Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(path) with { Dataset = "folder", Data = images, Images = null }, null, (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.Equal(
            $"{path}: at class_names, expected the 2 classes of image folder images but found 10 of synthetic shapes. Use a checkpoint that was trained on these classes.", error.Message);
    }

    [Fact]
    public void Execute_WithoutData_SaysWhereItLooked()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        var error = Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(path) with { Dataset = "cifar10", Data = folder.Path }, null, (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(path) with { Dataset = null }, null, (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.Equal($"{path}: lies in no training run, so its data are not known (it learned from synthetic shapes). Name them with --dataset.", error.Message);
        error = Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(path) with { Split = "valid" }, null, (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.Equal(
            $"{path}: which images were held out is known only to the run that trained it, on its own data. Name a run folder without other data, or use --split test.", error.Message);
    }

    [Fact]
    public void Execute_OnAnythingElse_SaysThatItIsNoCheckpoint()
    {
        using var folder = new TempFolder();
        var text = folder.Write("hello, I am no checkpoint"u8.ToArray(), "a.txt");
        Assert.Contains(
            "The file is damaged or is not a safetensors file",
            Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(text), null, (_, _) => { }, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "cannot be opened",
            Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(Path.Combine(folder.Path, "none")), null, (_, _) => { }, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Equal(
            [$"dataset must be one of {string.Join(", ", DatasetNames.All)}, got 'x'.", "batch_size must be at least 1, got 0.", "split must be test or valid, got 'train'."],
            Assert.Throws<OptionsException>(() => ClassificationEvaluationRun.Execute(new ClassificationEvaluationOptions { Model = text, Dataset = "x", Split = "train", BatchSize = 0 }, null, (_, _) => { }, TestContext.Current.CancellationToken)).Problems);
    }

    [Fact]
    public void Execute_Cancelled_WritesNothing()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        Assert.Throws<OperationCanceledException>(() => ClassificationEvaluationRun.Execute(Options(path), null, (_, _) => { }, new CancellationToken(canceled: true)));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Execute_CancelledDuringTheLastBatch_WritesNothing()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        foreach (var run in (Action<Action<int, int>, CancellationToken>[])
        [
            (progress, token) => ClassificationEvaluationRun.Execute(Options(path), null, progress, token),
            (progress, token) => FeatureRun.Execute(FeaturesOf(path), Path.Combine(folder.Path, "f.safetensors"), progress, token),
        ])
        {
            using var cancel = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => run(
                (done, all) =>
                {
                    if (done == all)
                    {
                        cancel.Cancel();
                    }
                },
                cancel.Token));
            Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => !file.EndsWith(".tmp", StringComparison.Ordinal) && file != path);
        }
    }

    [Fact]
    public void Execute_OnADamagedModel_DoesNotTakeThePreviousOne()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        Save(folder);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(path), null, (_, _) => { }, CancellationToken.None));

        Assert.Contains("expected bytes with SHA-256", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($" The file before it is {Path.Combine(folder.Path, "best.previous.safetensors")}; name that one to use it.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_WhereNothingCanBeWritten_SaysSoBeforeTheFirstImage()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        var blocked = Path.Combine(path, "below");

        Assert.Contains(": cannot be written: ", Assert.Throws<InputException>(() => ClassificationEvaluationRun.Execute(Options(path), blocked, NoProgress, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{blocked}: there is no folder {path}.", Assert.Throws<InputException>(() => FeatureRun.Execute(FeaturesOf(path), blocked, NoProgress, CancellationToken.None)).Message, StringComparison.Ordinal);

        static void NoProgress(int done, int all) => Assert.Fail($"Images were read before the output was tried: {done} of {all}.");
    }

    [Fact]
    public void Execute_WhereAFileOfAnotherIsInTheWay_SaysSoBeforeTheFirstImageAndLeavesIt()
    {
        using var folder = new TempFolder();
        var path = Save(folder);
        var target = Path.Combine(folder.Path, "target");
        var own = ClassificationEvaluationRun.Execute(Options(path), target, (_, _) => { }, CancellationToken.None);
        ClassificationEvaluationRun.Execute(Options(path), target, (_, _) => { }, CancellationToken.None); // over its own files
        string[] names = [Path.GetFileName(own.JsonPath), Path.GetFileName(own.PagePath)];
        Assert.Equal(names.Order(), Directory.GetFiles(target).Select(Path.GetFileName).Order());

        Directory.Delete(target, recursive: true);
        ForeignFiles.AreRefused(target, path, names, progress => ClassificationEvaluationRun.Execute(Options(path), target, progress, CancellationToken.None));
    }

    [Fact]
    public void Execute_OnPartsAndOtherCheckpointsOfARun_KeepsTheirFilesApart()
    {
        using var folder = new TempFolder();
        var run = Path.Combine(folder.Path, "run");
        using (var setup = TrainSetup.Prepare(new TrainOptions
        {
            Genotype = "DDPNAS_MCN_2",
            Cells = 1,
            Channels = 2,
            StemMultiplier = 1,
            Epochs = 1,
            TrainImages = 60,
            TestImages = 20,
            ValidationShare = 0.5,
            BatchSize = 16,
            ReestimateImages = 0,
            Workers = 0,
            Threads = 1,
        }))
        {
            TrainRun.Execute(setup, run, "train", new DcpNas.Tests.Training.TrainFixture(), _ => { }, CancellationToken.None);
        }

        var options = new ClassificationEvaluationOptions { Model = run, Threads = 1, Workers = 0 };
        Assert.Equal((20L, "evaluation.json"), Of(options));
        Assert.Equal((20L, "evaluation.json"), Of(options with { Images = 20 }));
        Assert.Equal((7L, "evaluation-7-images.json"), Of(options with { Images = 7 }));
        Assert.Equal((30L, "evaluation-valid.json"), Of(options with { Split = "valid" }));
        Assert.Equal((20L, "evaluation-step1.json"), Of(options with { Model = Path.Combine(run, RunFiles.Step1Model) }));
        Assert.Contains("step 1: real weights", File.ReadAllText(Path.Combine(run, "evaluation-step1.html")), StringComparison.Ordinal);
        Assert.Equal(0, JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation-step1.json")))!["cost"]!["bops"]!.GetValue<double>());
        Assert.DoesNotContain("step 1", File.ReadAllText(Path.Combine(run, "evaluation.html")), StringComparison.Ordinal);

        var part = ClassificationEvaluationRun.Execute(options with { Split = "valid", Images = 10 }, null, (_, _) => { }, CancellationToken.None);
        Assert.Equal("evaluation-valid-10-images.json", Path.GetFileName(part.JsonPath));
        Assert.Equal(Enumerable.Repeat(1L, 10), part.Metrics.PerClass.Select(one => one.Count)); // the same share of every class
        Assert.Equal("synthetic shapes: the number of images must be from 1 to 30, got 31.",
            Assert.Throws<InputException>(() => Of(options with { Split = "valid", Images = 31 })).Message);

        static (long Images, string File) Of(ClassificationEvaluationOptions options)
        {
            var outcome = ClassificationEvaluationRun.Execute(options, null, (_, _) => { }, CancellationToken.None);
            return (outcome.Metrics.Images, Path.GetFileName(outcome.JsonPath));
        }
    }

    [Theory]
    [InlineData("run/best.safetensors", "test", null, null, "evaluation.html")]
    [InlineData("run/last.safetensors", "valid", null, 4, "evaluation-valid-last-4-images.html")]
    [InlineData("run/best.previous.safetensors", "test", "folder", null, "evaluation-folder-best.previous.html")]
    public void Name_OfAnEvaluation_SaysWhatDiffers(string model, string split, string? dataset, int? images, string expected) => Assert.Equal(
        expected, new EvaluationFiles { Model = model, Split = split, OtherDataset = dataset, OtherImages = images }.Name("evaluation", ".html"));

    [Fact]
    public void Features_OfImagesOfOtherClasses_AreThoseOfTheBackbone()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var path = Save(folder);
        var target = Path.Combine(folder.Path, "f.safetensors");
        var (images, features) = FeatureRun.Execute(FeaturesOf(path) with { Dataset = "folder", Data = Folder(folder), Images = null, BatchSize = 2 }, target, (_, _) => { }, TestContext.Current.CancellationToken);

        using var file = Safetensors.Read(target);
        using var model = TrainedModel.Load(path);
        Assert.Equal((3, model.Network.Backbone.FeatureCount), (images, features));
        Assert.Equal([0, 1, 1], file.Tensors["labels"].data<long>().ToArray());
        Assert.Equal("ant/10.pngbee/11.pngbee/12.png", Encoding.UTF8.GetString(file.Tensors["names"].bytes));
        using var guard = no_grad();
        for (var row = 0; row < 3; row++)
        {
            var expected = model.Network.Backbone.Features(Image(10 + row));
            Assert.True(expected.allclose(file.Tensors["features"].narrow(0, row, 1), rtol: 1e-4, atol: 1e-5), $"row {row}");
        }
    }

    private static FeatureOptions FeaturesOf(string path) => new() { Model = path, Dataset = "synthetic", Images = Images, BatchSize = 16, Threads = 1, Workers = 0 };

    private static ClassificationEvaluationOptions Options(string path) => new() { Model = path, Dataset = "synthetic", Images = Images, BatchSize = 16, Threads = 1, Workers = 0 };

    private static string Save(TempFolder folder)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var task = new ClassificationTask(Data.ClassNames);
        var network = TaskNetwork.Create(Network, task);
        using (no_grad())
        {
            network.Run(rand(16, 3, 32, 32)); // running statistics other than those of the start
        }

        var path = Path.Combine(folder.Path, "best.safetensors");
        TrainedModel.Save(path, network, new ModelInfo(Network, task.Name, Data.ClassNames, new Preprocessing(32, 32, 3, Statistics), Data.Name), []);
        return path;
    }

    /// <summary>An image folder whose test images are the synthetic ones 10, 11 and 12.</summary>
    private static string Folder(TempFolder folder)
    {
        foreach (var (place, index) in ((string, int)[])[("train/ant", 0), ("train/bee", 1), ("val/ant", 10), ("val/bee", 11), ("val/bee", 12)])
        {
            folder.Write(ImageEncoder.Png(Data, index), ["images", .. place.Split('/'), $"{index}.png"]);
        }

        return Path.Combine(folder.Path, "images");
    }

    private static Tensor Image(int index)
    {
        var pixels = new byte[3 * 32 * 32];
        Data.ReadPixels(index, pixels);
        var image = tensor(pixels, dtype: ScalarType.Float32).view(1, 3, 32, 32) / 255;
        return (image - tensor(Statistics.Mean.ToArray(), dtype: ScalarType.Float32).view(1, 3, 1, 1)) / tensor(Statistics.StandardDeviation.ToArray(), dtype: ScalarType.Float32).view(1, 3, 1, 1);
    }
}
