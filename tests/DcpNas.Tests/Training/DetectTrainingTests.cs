using System.Text.Json.Nodes;
using DcpNas.Assessment;
using DcpNas.Binarization;
using DcpNas.Data.Detection;
using DcpNas.Networks;
using DcpNas.Protocols.Detection;
using DcpNas.Runs;
using DcpNas.Tasks.Detection;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Training;

/// <summary>Whole trainings of detectors: what they leave, resume, learning, transfer, evaluation.</summary>
public class DetectTrainingTests
{
    [Theory]
    [InlineData(2, 0)]
    [InlineData(7, 60)]
    public void Execute_KilledAndResumed_RepeatsAnUninterruptedRunBitForBit(long killAt, double checkpointMinutes)
    {
        using var whole = TrainFixture.Folder();
        using var torn = TrainFixture.Folder();
        var outcome = DetectFixture.Run(whole.Path, DetectFixture.Tiny, new TrainFixture());
        var options = DetectFixture.Tiny with { CheckpointMinutes = checkpointMinutes };
        Assert.Throws<KilledInTrainingException>(() => DetectFixture.Run(torn.Path, options, new TrainFixture { KillAtStep = killAt }));
        DetectFixture.Run(torn.Path, options, new TrainFixture());

        foreach (var file in (string[])[RunFiles.Step1Model, RunFiles.BestModel, RunFiles.LastModel, RunFiles.Checkpoint])
        {
            Assert.Equal(TrainFixture.Digest(whole.Path, file), TrainFixture.Digest(torn.Path, file));
        }

        Assert.Equal(TrainFixture.Metrics(whole.Path), TrainFixture.Metrics(torn.Path).Where(line => !line.Contains("\"resume\"", StringComparison.Ordinal)));
        Assert.Equal(File.ReadAllText(Path.Combine(whole.Path, RunFiles.Results)), File.ReadAllText(Path.Combine(torn.Path, RunFiles.Results)));
        Assert.Equal(8, outcome.Test.Images);
        Assert.Contains("Detections", File.ReadAllText(Path.Combine(whole.Path, RunFiles.Report)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BinarizationScheme.Paper)]
    [InlineData(BinarizationScheme.None)]
    public void Execute_OnAHandfulOfImages_LearnsThemByHeart(BinarizationScheme scheme)
    {
        using var folder = TrainFixture.Folder();
        var scenes = new SyntheticScenes(1, 4, 64, test: false);
        // The same four images, again and again, are learned, select and judge: the question is whether the network can learn them at all.
        var learned = new DetectionSubset(scenes, [.. Enumerable.Range(0, 240).Select(i => i % 4)]);
        var options = DetectFixture.Tiny with
        {
            Scheme = scheme,
            Channels = 16,
            NeckChannels = 32,
            Stages = 3,
            ExtraLevels = 0,
            Epochs = 3,
            TwoStep = false,
            EmaDecay = 0,
            BatchSize = 8,
            TrainImages = null,
            TestImages = null,
            Colour = false,
            Crop = false,
            Expansion = 1,
            Flip = false,
            ReestimateImages = 8,
            Rate = 0.01,
            RateEnd = 1e-4,
            ValidationShare = 0.1,
        };
        var outcome = DetectFixture.Run(folder.Path, options, new TrainFixture(), new DetectionDatasetPair(learned, scenes, []));
        Assert.InRange(outcome.Test[DetectionTask.Map50], 0.7, 1);
    }

    [Fact]
    public void Load_OfACheckpoint_RebuildsTheSameDetectorAndItsBoxes()
    {
        using var folder = TrainFixture.Folder();
        var outcome = DetectFixture.Run(folder.Path, DetectFixture.Tiny with { Epochs = 1, Teacher = TrainingOptions.Twin }, new TrainFixture());
        var evaluation = DetectionEvaluationRun.Execute(new DetectionEvaluationOptions { Model = folder.Path, Threads = 1, BatchSize = 8 }, null, (_, _) => { }, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(outcome.Test[DetectionTask.Map50], Math.Max(0, evaluation.Area.MeanAveragePrecision), 1e-9);
        Assert.Equal(8, evaluation.Images);
        var written = CocoResults.Read(evaluation.ResultsPath);
        Assert.NotEmpty(written);
        Assert.All(written, box => Assert.InRange(box.Category, 1, 5));
        Assert.Equal(12, JsonNode.Parse(File.ReadAllText(evaluation.JsonPath))!["coco"]!.AsObject().Count);

        using var detector = new CheckpointDetector(folder.Path);
        var image = new SyntheticScenes(0, 8, 64, test: true).Read(3);
        var found = detector.Find(image);
        var expected = written.Where(box => box.Image == 3).OrderByDescending(box => box.Score).ToList();
        Assert.Equal(expected.Select(box => Math.Round(box.Score, 5)), found.Select(box => Math.Round(box.Score, 5)));

        using var model = TrainedModel.Load(folder.Path);
        var task = Assert.IsType<DetectionTask>(model.Task);
        Assert.Equal((3, 2), (task.Design.Anchors.Count, task.Design.Anchors[0].Count));
        Assert.Equal(model.Network.Head.Convolutions.Count, model.Network.BinaryLayers.Count - model.Network.Backbone.BinaryLayers.Count);
    }

    [Fact]
    public void Cost_OfADetector_CountsItsParametersOneByOne()
    {
        using var scope = NewDisposeScope();
        using var setup = TrainSetup.Prepare(DetectFixture.Tiny);
        using var network = DcpNas.Tasks.TaskNetwork.Create(setup.Network, setup.Task);
        var cost = setup.Task.Cost(setup.Network).Total;
        Assert.Equal(network.BinaryLayers.Sum(layer => layer.Weight.numel()), cost.BinaryWeights);
        Assert.Equal(network.parameters().Sum(parameter => parameter.numel()) - cost.BinaryWeights, cost.RealParameters);
        var backbone = NetworkCatalog.Cost(setup.Network, 1).Total;
        Assert.True(cost.Bops > backbone.Bops);
    }

    [Fact]
    public void Prepare_WithBadValues_NamesAllOfThem()
    {
        var error = Assert.Throws<OptionsException>(() => TrainSetup.Prepare(DetectFixture.Tiny with
        {
            Dataset = "pets",
            ImageSize = 8,
            Stages = 0,
            AnchorsPerPixel = 0,
            MatchThreshold = 0,
            ScoreThreshold = 1,
            Expansion = 0.5,
            CropPadding = 4,
            TrainImages = 2,
        }));
        Assert.Equal(
        [
            "dataset must be one of synthetic, voc, coco, got 'pets'.", "train_images must be at least 4, got 2.", "image_size must be from 32 to 2048, got 8.",
            "crop_padding must be none for a detector, whose images are cut by crop, got 4.", "anchors_per_pixel must be from 1 to 64, got 0.", "stages must be from 1 to 16, got 0.",
            "score_threshold must be in [0, 1), got 1.", "match_threshold must be above 0 and at most 1, got 0.", "expansion must be from 1 to 16, got 0.5.",
        ], error.Problems);
        Assert.Equal("A detector on 5 stages needs a backbone with as many, but this one has 4. Lower stages, or use another architecture.",
            Assert.Throws<InputException>(() => TrainSetup.Prepare(DetectFixture.Tiny with { Stages = 5 })).Message);
        Assert.Equal("options cannot be used:\n  - batch_size must not exceed the 24 images it is taken from, got 64.",
            Assert.Throws<OptionsException>(() => TrainSetup.Prepare(DetectFixture.Tiny with { BatchSize = 64 })).Message);
    }
}
