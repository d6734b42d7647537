using System.Text.Json.Nodes;
using DcpNas.Data.ReIdentification;
using DcpNas.Evaluation;
using DcpNas.Export;
using DcpNas.Native;
using DcpNas.Protocols.ReIdentification;
using DcpNas.Runs;
using DcpNas.Runtime;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Tests.Evaluation;
using DcpNas.Tests.Runs;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Training;

/// <summary>Whole trainings of embeddings: resume, learning, evaluation, ranked lists, export.</summary>
public class ReIdentificationTrainTests
{
    private static readonly ReIdentificationTrainOptions Tiny = new()
    {
        Genotype = "DDPNAS_MCN_2",
        Cells = 1,
        Channels = 2,
        StemMultiplier = 1,
        Identities = 8,
        Height = 24,
        Width = 16,
        Epochs = 2,
        WarmupEpochs = 0,
        BatchSize = 16,
        ValidationShare = 0.25,
        ReestimateImages = 32,
        EmaDecay = 0.9,
        Rate = 0.01,
        Workers = 0,
        Threads = 1,
        Seed = 4,
        CheckpointMinutes = 0,
    };

    private static readonly PersonDataset Few = PersonDatasetCatalog.Open(
        PersonDatasetNames.Synthetic, null, Tiny.DataOptions with { SyntheticTestIdentities = 6 });

    public ReIdentificationTrainTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    [Fact]
    public void Execute_KilledAndResumed_RepeatsAnUninterruptedRunBitForBit()
    {
        using var whole = new TemporaryFolder();
        using var torn = new TemporaryFolder();
        var options = Tiny with { Teacher = TrainingOptions.FullPrecision };
        var run = new TrainFixture();
        var outcome = Run(run, whole.Path, options);
        Assert.Equal(["teacher", "teacher", "step1", "step1", "final", "final"], run.Epochs.Select(epoch => epoch.Stage.Name));
        var last = run.Steps[^1].GlobalStep;
        foreach (var at in (long[])[1, (last / 2) + 1, last])
        {
            Assert.Throws<KilledInTrainingException>(() => Run(new TrainFixture { KillAtStep = at }, torn.Path, options));
        }

        Run(new TrainFixture(), torn.Path, options);
        foreach (var file in (string[])[RunFiles.TeacherModel, RunFiles.Step1Model, RunFiles.BestModel, RunFiles.LastModel, RunFiles.Checkpoint])
        {
            Assert.Equal(TrainFixture.Digest(whole.Path, file), TrainFixture.Digest(torn.Path, file));
        }

        Assert.Equal(TrainFixture.Metrics(whole.Path), TrainFixture.Metrics(torn.Path).Where(line => !line.Contains("\"resume\"", StringComparison.Ordinal)));
        var results = JsonNode.Parse(File.ReadAllText(Path.Combine(whole.Path, RunFiles.Results)))!;
        Assert.Equal(("re_identification", "map", 72, 24), (results["task"]!.GetValue<string>(), results["primary_metric"]!.GetValue<string>(), results["images"]!["train"]!.GetValue<int>(), results["images"]!["validation"]!.GetValue<int>()));
        Assert.Equal(["map", "minp", "rank1", "rank5", "rank10", "rank20"], outcome.Test.Metrics.Keys);
        var report = File.ReadAllText(Path.Combine(whole.Path, RunFiles.Report));
        Assert.Contains("test mAP", report, StringComparison.Ordinal);
        Assert.Contains("rank-1", report, StringComparison.Ordinal);
        Assert.Contains("<h3>person 9, camera 1</h3>", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_OnAHandfulOfPersons_LearnsThemByHeart()
    {
        using var folder = new TemporaryFolder();
        var run = new TrainFixture();
        Run(run, folder.Path, Tiny with { Channels = 6, Scheme = DcpNas.Binarization.BinarizationScheme.None, Epochs = 30, RandomErase = 0, EmaDecay = 0, ReestimateImages = 0, LabelSmoothing = 0, Flip = false, CropPadding = 0 });
        var (first, last) = (run.Epochs[0].Totals, run.Epochs[^1].Totals);
        Assert.True(last.Loss / last.Steps < 0.35 * (first.Loss / first.Steps), $"loss {first.Loss / first.Steps:f3} -> {last.Loss / last.Steps:f3}");
        Assert.True(last.Score / last.Images > 0.9, $"mAP of the training batches {last.Score / last.Images:f3}");
    }

    [Fact]
    public void Evaluate_RankAndExport_OfARun_AgreeWithItsResults()
    {
        using var folder = new TemporaryFolder();
        var options = Tiny with { Epochs = 1, Step1Epochs = 1 };
        var run = TrainRun.Execute(options, folder.Path, "reid train", new TrainFixture(), _ => { }, CancellationToken.None);
        var evaluation = new PersonEvaluationOptions { Model = folder.Path, Threads = 1, Workers = 0 };
        var seen = 0;
        var outcome = PersonEvaluationRun.Execute(evaluation, null, (done, all) => seen = done == all ? all : seen, _ => { }, CancellationToken.None);
        Assert.Equal(run.Test["map"], outcome.Metrics.MeanAveragePrecision, 6);
        Assert.Equal(run.Test["rank1"], outcome.Metrics.MatchingRate(1), 6);
        Assert.Equal(("cosine distance, single query", 400, 900), (outcome.Protocol, outcome.Metrics.Queries.Count, outcome.Metrics.GalleryImages));
        Assert.Equal(1300, seen);
        Assert.Equal(50, outcome.ToJson()["cmc"]!.AsArray().Count);
        Assert.Equal(Path.Combine(folder.Path, "reid-evaluation.json"), outcome.JsonPath);
        Assert.Equal(outcome.ToJson().ToJsonString(), JsonNode.Parse(File.ReadAllText(outcome.JsonPath))!.ToJsonString());

        var page = File.ReadAllText(outcome.PagePath);
        Assert.Equal(Path.Combine(folder.Path, "reid-evaluation.html"), outcome.PagePath);
        Assert.Contains(">rank</text>", page, StringComparison.Ordinal);
        Assert.Equal((8 + 4, (8 + 4) * (1 + 10)), (System.Text.RegularExpressions.Regex.Count(page, "<h3>Person [0-9]+, camera"), System.Text.RegularExpressions.Regex.Count(page, "data:image/png;base64,")));

        var distractors = Directory.CreateDirectory(Path.Combine(folder.Path, "more")).FullName;
        File.WriteAllBytes(Path.Combine(distractors, "a.png"), DcpNas.Data.ImageEncoder.Png(Few.Query, 0));
        var other = PersonEvaluationRun.Execute(evaluation with { DistMetric = EmbeddingDistance.Euclidean, Rerank = true, Distractors = distractors }, null, (_, _) => { }, _ => { }, CancellationToken.None);
        Assert.Equal("squared Euclidean distance, single query, k-reciprocal re-ranking (k1 20, k2 6, lambda 0.3), 1 distractor added", other.Protocol);
        Assert.Equal("reid-evaluation-euclidean-rerank-distractors.json", Path.GetFileName(other.JsonPath));
        Assert.Equal((901, true), (other.Metrics.GalleryImages, other.Metrics.ReRanked));
        Assert.NotEqual(outcome.Metrics.MeanAveragePrecision, other.Metrics.MeanAveragePrecision);
        Assert.EndsWith("as multi-query needs them. Leave --multi-query out.", Assert.Throws<InputException>(() =>
            PersonEvaluationRun.Execute(evaluation with { MultiQuery = QueryPooling.Mean }, null, (_, _) => { }, _ => { }, CancellationToken.None)).Message, StringComparison.Ordinal);

        var target = Path.Combine(folder.Path, "target");
        foreach (var (protocol, stem) in (IEnumerable<(PersonEvaluationOptions, string)>)[(evaluation, "reid-evaluation"), (evaluation with { DistMetric = EmbeddingDistance.Euclidean, Rerank = true }, "reid-evaluation-euclidean-rerank")])
        {
            ForeignFiles.AreRefused(target, Path.Combine(folder.Path, RunFiles.BestModel), [$"{stem}.json", $"{stem}.html"], progress => PersonEvaluationRun.Execute(protocol, target, progress, _ => { }, CancellationToken.None));
        }

        CheckFeatures(folder.Path, outcome);
        var picture = Path.Combine(folder.Path, "lists.png");
        var ranked = RankRun.Execute(evaluation, 3, 4, picture, (_, _) => { }, CancellationToken.None);
        Assert.Equal((3, 4), (ranked.Lists.Count, ranked.Lists[0]!["list"]!.AsArray().Count));
        Assert.All(ranked.Lists, list => Assert.All(list!["list"]!.AsArray(), entry =>
            Assert.Equal(entry!["person"]!.GetValue<int>() == list["person"]!.GetValue<int>(), entry["hit"]!.GetValue<bool>())));
        var (tileHeight, tileWidth) = RankPicture.Tile(24, 16, ["1: 2"]);
        Assert.Equal(DcpNas.Data.Detection.PictureFont.Exists, RankPicture.Tile(24, 16, ["1: 2", "query: 12345678901234567890"]).Width > 110); // wide enough for every line below
        Assert.Equal((96 + 6 + (DcpNas.Data.Detection.PictureFont.Exists ? 14 : 0), 64 + 6), (tileHeight, tileWidth));
        var (rows, columns) = ((3 * (tileHeight + 4)) + 4, 4 + tileWidth + 12 + (4 * (tileWidth + 4)));
        Assert.Equal((columns, rows), DcpNas.Data.ImageDecoder.Verify(picture));
        var decoded = DcpNas.Data.ImageFiles.Read(picture, null, rows, columns, 3);
        Assert.Equal([110, 110, 110], decoded.AsSpan(3 * ((4 * columns) + 4), 3).ToArray()); // the frame of the first query
        var below = Enumerable.Range(0, columns).SelectMany(x => Enumerable.Range(4 + 96 + 6, tileHeight - 96 - 6).Select(y => decoded[3 * ((y * columns) + x)]));
        Assert.Equal(DcpNas.Data.Detection.PictureFont.Exists, below.Any(red => red < 200)); // ranks and persons
        Assert.Equal("out must name a PNG file (.png), got 'x.jpg'.", Assert.Throws<OptionsException>(() => RankRun.Execute(evaluation, 3, 4, "x.jpg", (_, _) => { }, CancellationToken.None)).Problems.Single());
        Assert.Equal("queries must be from 1 to 100, got 0.", Assert.Throws<OptionsException>(() => RankRun.Execute(evaluation, 0, 4, picture, (_, _) => { }, CancellationToken.None)).Problems.Single());

        var packed = Path.Combine(folder.Path, "net.dcpnas");
        var exported = ExportRun.Execute(new ExportOptions { Model = folder.Path, Out = packed, Images = 6 }, null, TestContext.Current.CancellationToken);
        Assert.Equal(("embedding", 6L), (exported.Proof!.Output, exported.Proof.Images));
        Assert.InRange(exported.Proof.FloatAgreement, 0.8, 1);
        CompareWithTheTrainedNetwork(folder.Path, packed);
        ExportRun.Execute(new ExportOptions { Model = folder.Path, Out = Path.Combine(folder.Path, "net.onnx"), Format = ExportFormat.Onnx }, null, TestContext.Current.CancellationToken);
    }

    /// <summary>The embeddings of a features file give the measures of the evaluation.</summary>
    private static void CheckFeatures(string run, PersonEvaluationOutcome outcome)
    {
        var path = Path.Combine(run, "features.safetensors");
        var options = new FeatureOptions { Model = run, Threads = 1, Workers = 0, BatchSize = 100 };
        var (images, length) = FeatureRun.Execute(options, path, (_, _) => { }, CancellationToken.None);
        using var file = Safetensors.Read(path);
        var numbers = file.Tensors["features"].data<float>().ToArray();
        int[] Whole(string name) => [.. file.Tensors[name].data<long>().ToArray().Select(value => (int)value)];
        var (identities, cameras, parts) = (Whole("identities"), Whole("cameras"), Whole("parts"));
        Assert.Equal((1300, 1300, 400), (images, identities.Length, parts.Count(part => part == 0)));
        var query = new FeatureSet(numbers.AsMemory(0, 400 * length), length, identities[..400], cameras[..400]);
        var gallery = new FeatureSet(numbers.AsMemory(400 * length), length, identities[400..], cameras[400..]);
        var again = new ReIdentificationEvaluator(query, gallery, new ReIdentificationOptions { Distance = FeatureDistance.Cosine, Threads = 1 }).Measure();
        Assert.Equal(outcome.Metrics.MeanAveragePrecision, again.MeanAveragePrecision, 9);
        var names = System.Text.Encoding.UTF8.GetString(file.Tensors["names"].bytes[..(int)file.Tensors["name_offsets"].data<long>()[1]]);
        Assert.StartsWith("query/", names, StringComparison.Ordinal);
        Assert.Equal(
            ["images must be absent for re-identification: all queries and gallery images are taken, got 7.", "split must be test for re-identification: its queries and gallery, got 'valid'."],
            Assert.Throws<OptionsException>(() => FeatureRun.Execute(options with { Images = 7, Split = "valid" }, path, (_, _) => { }, CancellationToken.None)).Problems);
    }

    [Fact]
    public void Problems_OfBadValues_AreOneSentenceEach()
    {
        Assert.Empty(Tiny.Problems());
        Assert.Equal(
            [
                "dataset must be one of synthetic, market1501, dukemtmc, cuhk03_detected, cuhk03_labeled, cuhk03_classic_detected, cuhk03_classic_labeled, got 'market'.",
                "random_erase must be from 0 to 1, got 2.",
                "identities must be absent from the data set market: only synthetic data can have any number.",
                "batch_size must be a multiple of num_instances, of at least two identities, got 17 and 4.",
                "height must be from 16 to 1024, got 4.",
                "triplet_margin must be above 0, or none for the soft margin, got 0.",
            ],
            (Tiny with { Dataset = "market", BatchSize = 17, RandomErase = 2, Height = 4, TripletMargin = 0 }).Problems());
        Assert.Equal("batch_size / num_instances must not exceed the 6 training identities, got 8. Use a smaller batch_size or more identities.",
            Assert.Throws<OptionsException>(() => TrainSetup.Prepare(Tiny with { BatchSize = 32 })).Problems.Single());
        Assert.Equal(Tiny, ReIdentificationTrainOptions.FromJson(Tiny.ToJson().ToJsonString(), "x"));
        Assert.Equal("task", Tiny.ToJson().First().Key);
    }

    [Fact]
    public void Load_OfAnotherTask_IsRefusedWhereItMatters()
    {
        using var folder = new TemporaryFolder();
        new TrainFixture().Run(folder.Path, TrainFixture.Tiny with { Epochs = 1, TwoStep = false });
        var path = Path.Combine(folder.Path, RunFiles.BestModel);
        Assert.Equal($"{path}: at task, expected re_identification but found classification. Use dcpnas evaluate, which reads the task from the file, or a checkpoint of this task.",
            Assert.Throws<InputException>(() => PersonEvaluationRun.Execute(new PersonEvaluationOptions { Model = folder.Path }, null, (_, _) => { }, _ => { }, CancellationToken.None)).Message);
        Assert.Equal($"{path}: at task, expected re_identification but found classification. Use a checkpoint of the same task.",
            Assert.Throws<InputException>(() => TrainSetup.Prepare(Tiny with { Teacher = folder.Path })).Message);
    }

    private static TrainOutcome Run(TrainFixture observer, string folder, ReIdentificationTrainOptions options)
    {
        using var setup = TrainSetup.Prepare(options, (resolved, device) => ((ReIdentificationTrainOptions)resolved).Bind(Few, device));
        return TrainRun.Execute(setup, folder, "reid train", observer, _ => { }, CancellationToken.None);
    }

    private static void CompareWithTheTrainedNetwork(string folder, string packed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = TrainedModel.Load(folder);
        using var runner = new PackedRunner(PackedModel.Load(packed));
        using var loader = new DcpNas.Data.BatchLoader(Few.Query, [0, 1, 2, 3], new DcpNas.Data.BatchLoaderOptions { BatchSize = 4, Workers = 0, Statistics = model.Info.Preprocessing.Statistics });
        using var batch = loader.Epoch(0).Single();
        var expected = model.Network.Run(batch.Images).Main[0].data<float>().ToArray();
        runner.Run(batch.Images.contiguous().data<float>().ToArray(), PixelLayout.Nchw);
        Assert.Equal(expected.Length, runner.Embedding.Length);
        var agreeing = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            agreeing += Math.Abs(expected[i] - runner.Embedding[i]) < 1e-3 * Math.Max(1, Math.Abs(expected[i])) ? 1 : 0;
        }

        // A sign within the rounding error of a threshold may turn, and with it some numbers; nearly all must agree.
        Assert.True(agreeing >= 0.75 * expected.Length, $"{agreeing} of {expected.Length} numbers agree");
    }
}
