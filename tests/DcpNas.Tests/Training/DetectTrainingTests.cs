using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Inference;
using DcpNas.Networks;
using DcpNas.Protocols.Detection;
using DcpNas.Runs;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.Detection.TwoStage;
using DcpNas.Tests.Evaluation;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Training;

/// <summary>Whole trainings of detectors: what they leave, resume, learning, transfer, evaluation.</summary>
public class DetectTrainingTests
{
    [Theory]
    [InlineData(DetectorKind.OneStage, 2, 0)]
    [InlineData(DetectorKind.OneStage, 7, 60)]
    [InlineData(DetectorKind.FasterRcnn, 7, 0)]
    public void Execute_KilledAndResumed_RepeatsAnUninterruptedRunBitForBit(DetectorKind kind, long killAt, double checkpointMinutes)
    {
        var tiny = DetectFixture.Of(kind);
        using var whole = TrainFixture.Folder();
        using var torn = TrainFixture.Folder();
        var outcome = DetectFixture.Run(whole.Path, tiny, new TrainFixture());
        var options = tiny with { CheckpointMinutes = checkpointMinutes };
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

    [Fact]
    public void Execute_ResumedOnARenamedFolder_GoesOn()
    {
        using var folder = TrainFixture.Folder();
        var (train, test) = (new SyntheticScenes(1, 30, 64, test: false), new SyntheticScenes(1, 8, 64, test: true));
        var options = DetectFixture.Tiny with { CheckpointMinutes = 0, Epochs = 1, TwoStep = false };
        Assert.Throws<KilledInTrainingException>(() => DetectFixture.Run(folder.Path, options, new TrainFixture { KillAtStep = 2 }, Named("PASCAL VOC layout, old")));
        Assert.Equal(8, DetectFixture.Run(folder.Path, options, new TrainFixture(), Named("PASCAL VOC layout, new")).Test.Images);

        DetectionDatasetPair Named(string name) => new(new DetectionSubset(train, [.. Enumerable.Range(0, train.Count)], name), test, []);
    }

    [Theory]
    [InlineData(DetectorKind.OneStage, BinarizationScheme.Paper)]
    [InlineData(DetectorKind.OneStage, BinarizationScheme.None)]
    [InlineData(DetectorKind.FasterRcnn, BinarizationScheme.Paper)]
    [InlineData(DetectorKind.FasterRcnn, BinarizationScheme.None)]
    public void Execute_OnAHandfulOfImages_LearnsThemByHeart(DetectorKind kind, BinarizationScheme scheme)
    {
        using var folder = TrainFixture.Folder();
        var scenes = new SyntheticScenes(1, 4, 64, test: false);
        // The same four images, again and again, are learned, select and judge: the question is whether the network can learn them at all.
        var learned = new DetectionSubset(scenes, [.. Enumerable.Range(0, 240).Select(i => i % 4)]);
        var small = DetectFixture.Of(kind);
        var options = (kind == DetectorKind.OneStage ? small : small with { RoiOutputSize = 5, BoxHeadFcFeatures = 64, BoxBatchSizePerImage = 32 }) with
        {
            Scheme = scheme,
            Channels = 16,
            NeckChannels = 32,
            FeatureLevels = 3,
            ExtraLevels = 0,
            Epochs = kind == DetectorKind.OneStage ? 3 : 4,
            TwoStep = false,
            EmaDecay = 0,
            BatchSize = 8,
            TrainImages = null,
            TestImages = null,
            PhotometricDistort = false,
            IouCrop = false,
            ZoomOut = 1,
            Flip = false,
            ReestimateImages = 8,
            Rate = 0.01,
            RateEnd = 1e-4,
            ValidationShare = 0.1,
        };
        var outcome = DetectFixture.Run(folder.Path, options, new TrainFixture(), new DetectionDatasetPair(learned, scenes, []));
        Assert.InRange(outcome.Test[DetectionTask.Map50], 0.7, 1);
    }

    [Theory]
    [InlineData(DetectorKind.OneStage, TrainingOptions.FullPrecision)]
    [InlineData(DetectorKind.FasterRcnn, null)]
    public void Load_OfACheckpoint_RebuildsTheSameDetectorAndItsBoxes(DetectorKind kind, string? teacher)
    {
        using var folder = TrainFixture.Folder();
        var outcome = DetectFixture.Run(folder.Path, DetectFixture.Of(kind) with { Epochs = 1, Teacher = teacher }, new TrainFixture());
        var evaluation = DetectionEvaluationRun.Execute(new DetectionEvaluationOptions { Model = folder.Path, Threads = 1, BatchSize = 8 }, null, (_, _) => { }, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(outcome.Test[DetectionTask.Map50], Math.Max(0, evaluation.Area.MeanAveragePrecision), 1e-9);
        Assert.Equal(8, evaluation.Images);
        var written = CocoResults.Read(evaluation.ResultsPath);
        Assert.NotEmpty(written);
        Assert.All(written, box => Assert.InRange(box.Category, 1, 5));
        Assert.Equal(12, JsonNode.Parse(File.ReadAllText(evaluation.JsonPath))!["coco"]!.AsObject().Count);

        var page = File.ReadAllText(evaluation.PagePath);
        Assert.Equal(Path.Combine(folder.Path, "detection.html"), evaluation.PagePath);
        foreach (var heading in (string[])["Precision and recall", "Worst mistakes", "Largest missed objects", ">recall</text>", "data:image/png;base64,"])
        {
            Assert.Contains(heading, page, StringComparison.Ordinal);
        }

        Assert.Equal(evaluation.Area.Categories.Count(one => one.AveragePrecision is not null), System.Text.RegularExpressions.Regex.Count(page, ">recall</text>"));
        AssertScoredAlikeElsewhere(evaluation);
        if (kind == DetectorKind.OneStage)
        {
            var other = Assert.Throws<InputException>(() => TrainSetup.Prepare(DetectFixture.Tiny with { Epochs = 1, Teacher = folder.Path, AnchorsPerLocation = 3 }));
            Assert.EndsWith("best.safetensors: at task_detail.anchors, expected the anchors of synthetic scenes but found others of synthetic scenes. Use a checkpoint that was trained on these data.", other.Message, StringComparison.Ordinal);
        }

        var options = new DetectionEvaluationOptions { Model = folder.Path, Threads = 1, BatchSize = 8 };
        var target = Path.Combine(folder.Path, "target");
        ForeignFiles.AreRefused(target, Path.Combine(folder.Path, RunFiles.BestModel), ["detection.json", "detection.html", "detections-coco.json", "ground-truth-coco.json"],
            progress => DetectionEvaluationRun.Execute(options, target, progress, _ => { }, CancellationToken.None));
        var before = Directory.GetFiles(folder.Path).Order().ToList();
        using (var cancel = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => Evaluate(options with { Split = "valid" }, (done, all) => CancelAtLast(cancel, done, all), cancel.Token));
        }

        Assert.Equal(before, Directory.GetFiles(folder.Path).Order());
        Assert.Equal(("detection.json", "detections-coco.json"), (Path.GetFileName(evaluation.JsonPath), Path.GetFileName(evaluation.ResultsPath)));
        var part = Evaluate(options with { Images = 3, Model = Path.Combine(folder.Path, RunFiles.Step1Model) }, (_, _) => { }, CancellationToken.None);
        Assert.Equal(("detection-step1-3-images.json", "detections-coco-step1-3-images.json", "ground-truth-coco-step1-3-images.json", 3), (Path.GetFileName(part.JsonPath), Path.GetFileName(part.ResultsPath), Path.GetFileName(part.GroundTruthPath), part.Images));
        Assert.Equal((0.0, true), (part.Cost.Total.Bops, part.Cost.Geometry.RealWeights));
        Assert.Equal("synthetic scenes: the number of images must be from 1 to 8, got 9.", Fault(options with { Images = 9 }));
        Assert.Equal("synthetic scenes: the number of images must be from 1 to 6, got 7.", Fault(options with { Images = 7, Split = "valid" }));

        // Images of 64 pixels have no large object, which starts at 96 x 96.
        Assert.Equal(-1, evaluation.Coco.AveragePrecisionLarge);
        Assert.Contains("<td>APl</td><td class=\"n\">-</td>", page, StringComparison.Ordinal);
        Assert.Contains("-: undefined, because no object of that size is there", page, StringComparison.Ordinal);
        Assert.Contains("<span>VOC mAP, 11 points</span>", page, StringComparison.Ordinal);
        var exact = Evaluate(options with { ExactRecalls = true }, (_, _) => { }, CancellationToken.None);
        Assert.Contains("<span>VOC mAP, 11 exact points</span>", File.ReadAllText(exact.PagePath), StringComparison.Ordinal);
        Assert.Contains(">AP50, 11 exact points</th>", File.ReadAllText(exact.PagePath), StringComparison.Ordinal);

        using var detector = new CheckpointPredictor(folder.Path, new PredictorOptions { Score = 0 });
        var image = new SyntheticScenes(0, 8, 64, test: true).Read(3);
        var picture = Path.Combine(folder.Path, "3.png");
        byte[] planes = [.. Enumerable.Range(0, 3).SelectMany(channel => image.Pixels.ToArray().Where((_, i) => i % 3 == channel))];
        File.WriteAllBytes(picture, ImageEncoder.Png(planes, 3, image.Height, image.Width));
        var found = detector.Predict(picture).Boxes;
        var expected = written.Where(box => box.Image == 3).OrderByDescending(box => box.Score).ToList();
        Assert.Equal(expected.Select(box => Math.Round(box.Score, 5)), found.Select(box => Math.Round(box.Score, 5)));

        using var model = TrainedModel.Load(folder.Path);
        var task = Assert.IsType<DetectionTask>(model.Task);
        var anchors = (task.Detector is FasterRcnnDetector regions ? regions.Design.Pyramid : Assert.IsType<OneStageDetector>(task.Detector).Design).Anchors;
        Assert.Equal(kind, task.Detector.Kind);
        Assert.Equal((3, 2), (anchors.Count, anchors[0].Count));
        Assert.Equal(model.Network.Head.Convolutions.Count, model.Network.BinaryLayers.Count - model.Network.Backbone.BinaryLayers.Count);

        static DetectionEvaluationOutcome Evaluate(DetectionEvaluationOptions options, Action<int, int> progress, CancellationToken cancel) =>
            DetectionEvaluationRun.Execute(options, null, progress, _ => { }, cancel);

        static string Fault(DetectionEvaluationOptions options) => Assert.Throws<InputException>(() => Evaluate(options, (_, _) => { }, CancellationToken.None)).Message;

        static void CancelAtLast(CancellationTokenSource cancel, int done, int all)
        {
            if (done == all)
            {
                cancel.Cancel();
            }
        }
    }

    /// <summary>The two files that an evaluation leaves are enough to score it: by COCO's protocol, and once the truth is put where a data set has it, by our reader.</summary>
    private static void AssertScoredAlikeElsewhere(DetectionEvaluationOutcome evaluation)
    {
        var detections = CocoResults.Read(evaluation.ResultsPath);
        var truth = CocoAnnotations.Read(evaluation.GroundTruthPath!);
        Assert.Equal(evaluation.Coco.Values(), CocoEvaluator.Evaluate(truth, detections).Values());
        Assert.Equal(evaluation.ClassNames, truth.Categories.Select(category => category.Name));

        using var data = TrainFixture.Folder();
        foreach (var split in (string[])["train", "val"])
        {
            foreach (var image in truth.Images)
            {
                Directory.CreateDirectory(Path.Combine(data.Path, split));
                File.WriteAllBytes(Path.Combine(data.Path, split, image.FileName!), []);
            }

            Directory.CreateDirectory(Path.Combine(data.Path, "annotations"));
            File.Copy(evaluation.GroundTruthPath!, Path.Combine(data.Path, "annotations", $"instances_{split}.json"));
        }

        var images = DetectionDatasetCatalog.Open("coco", data.Path).Test;
        Assert.True(images.IsCoco);
        var objects = GroundTruthFile.Of(images, [.. Enumerable.Range(0, images.Count)]).Objects;
        var again = CocoEvaluator.Evaluate([.. truth.Images.Select(image => image.Id)], [.. images.CategoryIds], objects, detections);
        foreach (var (name, value) in evaluation.Coco.Values())
        {
            Assert.Equal(value, again.Values().First(pair => pair.Key == name).Value, 1e-12);
        }
    }

    [Theory]
    [InlineData(DetectorKind.OneStage)]
    [InlineData(DetectorKind.FasterRcnn)]
    public void Cost_OfADetector_CountsItsParametersOneByOne(DetectorKind kind)
    {
        using var scope = NewDisposeScope();
        using var setup = TrainSetup.Prepare(DetectFixture.Of(kind));
        using var network = DcpNas.Tasks.TaskNetwork.Create(setup.Network, setup.Task);
        var cost = setup.Task.Cost(setup.Network).Total;
        Assert.Equal(network.BinaryLayers.Sum(layer => layer.Weight.numel()), cost.BinaryWeights);
        Assert.Equal(network.parameters().Sum(parameter => parameter.numel()) - cost.BinaryWeights, cost.RealParameters);
        var backbone = NetworkCatalog.Cost(setup.Network, 1).Total;
        Assert.True(cost.Bops > backbone.Bops);

        var description = setup.Network with { RealWeights = true };
        using var step1 = DcpNas.Tasks.TaskNetwork.Create(description, setup.Task);
        var real = setup.Task.Cost(description);
        Assert.Equal((0L, 0.0), (real.Total.BinaryWeights, real.Total.Bops));
        Assert.Equal(step1.parameters().Sum(parameter => parameter.numel()), real.Total.RealParameters);
        Assert.True(real.Geometry.RealWeights);
    }

    [Fact]
    public void Prepare_WithBadValues_NamesAllOfThem()
    {
        var error = Assert.Throws<OptionsException>(() => TrainSetup.Prepare(DetectFixture.Tiny with
        {
            Dataset = "pets",
            ImageSize = 8,
            FeatureLevels = 0,
            AnchorsPerLocation = 0,
            FgIouThresh = 0,
            ScoreThresh = 1,
            ZoomOut = 0.5,
            CropPadding = 4,
            TrainImages = 2,
        }));
        Assert.Equal(
        [
            "dataset must be one of synthetic, voc, coco, got 'pets'.", "train_images must be at least 4, got 2.", "image_size must be from 32 to 2048, got 8.",
            "anchors_per_location must be from 1 to 64, got 0.", "crop_padding must be none for a detector, whose images are cut by iou_crop, got 4.", "feature_levels must be from 1 to 16, got 0.",
            "score_thresh must be in [0, 1), got 1.", "fg_iou_thresh must be above 0 and at most 1, got 0.", "zoom_out must be from 1 to 16, got 0.5.",
        ], error.Problems);
        var other = Assert.Throws<OptionsException>(() => TrainSetup.Prepare(DetectFixture.Of(DetectorKind.FasterRcnn) with
        {
            RoiOutputSize = 0,
            SamplingRatio = 17,
            BoxHeadFcFeatures = 0,
            RpnPreNmsTopN = 0,
            RpnPostNmsTopN = 0,
            RpnNmsThresh = 0,
            RpnFgIouThresh = 0.4,
            RpnBgIouThresh = 0.5,
            RpnBatchSizePerImage = 0,
            BoxBatchSizePerImage = 0,
            NegToPosRatio = 2.5,
            Teacher = TrainingOptions.FullPrecision,
        }));
        Assert.Equal(
        [
            "roi_output_size must be from 1 to 64, got 0.", "sampling_ratio must be from 1 to 16, got 17.", "box_head_fc_features must be from 1 to 8192, got 0.",
            "rpn_pre_nms_top_n must be from 1 to 100000, got 0.", "rpn_post_nms_top_n must be from 1 to 10000, got 0.", "rpn_nms_thresh must be above 0 and at most 1, got 0.",
            "rpn_batch_size_per_image must be from 1 to 100000, got 0.", "box_batch_size_per_image must be from 1 to 100000, got 0.", "rpn_bg_iou_thresh must be above 0 and at most rpn_fg_iou_thresh, got 0.5.",
            "neg_to_pos_ratio must be left at 3 for faster_rcnn, which does not read it, got 2.5.", "teacher must be none for faster_rcnn, whose regions are not those of a teacher, got 'full_precision'.",
        ], other.Problems);
        Assert.Equal(["roi_output_size must be left at 7 for one_stage, which does not read it, got 5.", "rpn_fg_iou_thresh must be left at 0.7 for one_stage, which does not read it, got 0.8."],
            Assert.Throws<OptionsException>(() => TrainSetup.Prepare(DetectFixture.Tiny with { RoiOutputSize = 5, RpnFgIouThresh = 0.8 })).Problems);
        Assert.Equal("A detector on 5 stages needs a backbone with as many, but this one has 4. Lower stages, or use another architecture.",
            Assert.Throws<InputException>(() => TrainSetup.Prepare(DetectFixture.Tiny with { FeatureLevels = 5 })).Message);
        Assert.Equal("options cannot be used:\n  - batch_size must not exceed the 24 images it is taken from, got 64.",
            Assert.Throws<OptionsException>(() => TrainSetup.Prepare(DetectFixture.Tiny with { BatchSize = 64 })).Message);
    }
}
