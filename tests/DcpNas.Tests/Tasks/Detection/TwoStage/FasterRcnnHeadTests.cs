using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Data.Detection;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.Detection.TwoStage;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.Detection.TwoStage;

/// <summary>The head as a whole: outputs, what is learned, what depends on what, what is 1-bit, and its description.</summary>
public class FasterRcnnHeadTests
{
    private const int Side = 64, Classes = 3;

    [Theory]
    [InlineData("birealnet18", 3, 0)]
    [InlineData("birealnet18", 2, 2)]
    [InlineData("reactnet_a", 3, 1)]
    [InlineData("cells", 2, 0)]
    public void Run_InEvaluation_LooksAtTheProposalsOfEachImageAlone(string architecture, int stages, int extras)
    {
        using var scope = NewDisposeScope();
        var (network, detector) = Create(architecture, stages, extras);
        using var owned = network;
        network.eval();
        using var _ = no_grad();
        var images = randn(3, 3, Side, Side);
        var outputs = network.Run(images).Main;
        var anchors = ((FasterRcnnHead)network.Head).Anchors.Count;
        var regions = Region.Of(outputs[2]);
        Assert.Equal([3, anchors], outputs[0].shape);
        Assert.Equal([3, anchors, 4], outputs[1].shape);
        Assert.Equal([regions.Count, Classes + 1], outputs[3].shape);
        Assert.Equal([regions.Count, Classes, 4], outputs[4].shape);
        Assert.Equal([0, 1, 2], regions.Select(region => region.Image).Distinct());
        Assert.DoesNotContain(regions, region => region.IsObject);
        var found = detector.Find(outputs);
        var alone = detector.Find(network.Run(images.narrow(0, 1, 1)).Main)[0];
        Assert.NotEmpty(alone);
        Assert.Equal(alone.Select(box => (box.Class, Math.Round(box.Left, 4))), found[1].Select(box => (box.Class, Math.Round(box.Left, 4))));

        using var batch = Batch(images);
        Assert.Equal(regions, Region.Of(network.Run(batch).Main[2])); // in evaluation mode nobody looks at the targets
    }

    [Fact]
    public void Find_WithoutARegion_FindsNothing()
    {
        using var scope = NewDisposeScope();
        var (network, detector) = Create("birealnet18", 2, 0);
        using var owned = network;
        using var _ = no_grad();
        network.eval();
        foreach (var (name, parameter) in network.named_parameters().Where(pair => pair.name.Contains("proposals.codes", StringComparison.Ordinal)))
        {
            parameter.fill_(name.EndsWith("bias", StringComparison.Ordinal) ? -50 : 0); // every region shrinks to less than a pixel
        }

        var outputs = network.Run(randn(2, 3, Side, Side)).Main;
        Assert.Equal([0, Classes + 1], outputs[3].shape);
        Assert.Equal([0, 0], detector.Find(outputs).Select(boxes => boxes.Count));
        var evaluator = new DetectionEvaluator(["a", "b", "c"], detector);
        using var batch = Batch(randn(3, 3, Side, Side));
        evaluator.Add(network.Run(batch).Main, batch);
        Assert.Equal(0, evaluator.Evaluate()[DetectionTask.Map50]);
        network.train();
        Assert.All(Region.Of(network.Run(batch).Main[2]), region => Assert.True(region.IsObject)); // the objects are left
    }

    [Fact]
    public void Run_OfABatchThatIsLearned_DrawsItsRegionsFromProposalsAndObjects()
    {
        using var scope = NewDisposeScope();
        var (network, detector) = Create("birealnet18", 3, 0);
        using var owned = network;
        using var batch = Batch(randn(3, 3, Side, Side));
        var targets = DetectionTargets.Of(batch);
        random.manual_seed(3);
        var outputs = network.Run(batch).Main;
        random.manual_seed(3);
        Assert.Equal(Region.Of(outputs[2]), Region.Of(network.Run(batch).Main[2]));
        random.manual_seed(4);
        Assert.NotEqual(Region.Of(outputs[2]), Region.Of(network.Run(batch).Main[2]));
        var found = detector.Find(outputs);
        foreach (var image in Enumerable.Range(0, 3))
        {
            var own = Region.Of(outputs[2]).Where(region => region.Image == image).ToList();
            var boxes = targets.Boxes(image);
            bool IsOnObject(ShareBox box) => Enumerable.Range(0, boxes.Count).Any(i => targets.Objects[image][i].IsTarget && boxes[i].OverlapWith(box) >= 0.5);
            Assert.InRange(own.Count, 12, 16);
            Assert.InRange(own.Count(region => IsOnObject(region.Box)), image == 1 ? 0 : 1, 4);
            Assert.All(own.Where(region => region.IsObject), region => Assert.Contains(region.Box, boxes));
            Assert.Equal(image == 1, !own.Any(region => region.IsObject));
            Assert.All(found[image], box => Assert.InRange(box.Anchor, 0, own.Count(region => !region.IsObject) - 1)); // objects themselves are no finds
        }
    }

    [Fact]
    public void Gradients_OfTheLoss_ReachEveryParameter()
    {
        using var scope = NewDisposeScope();
        var (network, detector) = Create("birealnet18", 3, 1);
        using var owned = network;
        using var batch = Batch(randn(3, 3, Side, Side));
        Autograd.Backward(detector.Loss(network.Run(batch).Main, DetectionTargets.Of(batch), null));
        Assert.All(network.named_parameters(), pair => Assert.True(pair.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), pair.name));
        Assert.Contains(network.named_parameters(), pair => pair.name.Contains("regions.hidden.0.weight", StringComparison.Ordinal) && pair.parameter.grad!.abs().max().ToDouble() > 0);
        Assert.Throws<ArgumentException>(() => detector.Loss(network.Run(batch).Main, DetectionTargets.Of(batch), []));
    }

    [Fact]
    public void Apply_OfThePyramid_AddsCoarseMapsToFineOnes()
    {
        using var scope = NewDisposeScope();
        var (network, _) = Create("birealnet18", 3, 0);
        using var owned = network;
        network.eval();
        var head = (FasterRcnnHead)network.Head;
        using var pyramid = new FeaturePyramid(head.Design.Pyramid with { HeadConvs = 0 }, network.Backbone.Description, network.Backbone.Stages);
        pyramid.eval();
        using var none = no_grad();
        var maps = network.Backbone.Run(randn(2, 3, Side, Side)).Stages;
        var levels = pyramid.Apply(maps);
        var silent = pyramid.Apply([.. maps.Select((map, i) => i == maps.Count - 1 ? map : zeros_like(map))]);
        var coarse = silent[2];
        Assert.InRange((coarse - levels[2]).abs().max().ToDouble(), 0, 1e-6);
        // Without the finer stages, what is left of level 1 but for a constant per channel is the coarse map, every pixel twice in both directions.
        var zero = pyramid.Apply([.. maps.Select(map => zeros_like(map))]);
        var (rise, doubled) = (silent[1] - zero[1], (coarse - zero[2]).repeat_interleave(2, 2).repeat_interleave(2, 3));
        Assert.InRange((rise - doubled).abs().max().ToDouble(), 0, 1e-5);
        Assert.True(rise.abs().max().ToDouble() > 0.1);
        Assert.InRange((silent[0] - zero[0] - rise.repeat_interleave(2, 2).repeat_interleave(2, 3)).abs().max().ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void Parameters_OfTheHead_AreOneBitUpToTheLastLayers()
    {
        using var scope = NewDisposeScope();
        var (network, _) = Create("birealnet18", 3, 1);
        using var owned = network;
        Assert.Equal(network.Head.Convolutions, network.BinaryLayers.Skip(network.Backbone.BinaryLayers.Count));
        Assert.Equal(3 + 1 + 4 + 4, network.Head.Convolutions.Count); // laterals, an extra level, one unit of each level, one of its proposals
    }

    [Fact]
    public void FromJson_OfADescription_GivesTheSameDetector()
    {
        var detector = new FasterRcnnDetector(Design(2, 1));
        var again = Assert.IsType<FasterRcnnDetector>(DetectorCatalog.FromJson((JsonObject)JsonNode.Parse(detector.Describe().ToJsonString())!, "x"));
        Assert.Equal(detector.Describe().ToJsonString(), again.Describe().ToJsonString());
        Assert.Equal("faster_rcnn", detector.Describe()["detector"]!.GetValue<string>());
        var oneStage = new OneStageDetector(Design(2, 1).Pyramid).Describe();
        oneStage.Remove("detector"); // as it was written before there were two
        Assert.IsType<OneStageDetector>(DetectorCatalog.FromJson(oneStage, "x"));
        Assert.Equal("x: at task_detail.detector, expected one of one_stage, faster_rcnn but found 'yolo'. Use a version of dcpnas that knows this detector.", Refusal("detector", "yolo"));
        Assert.Equal("x, task_detail cannot be used:\n  - roi_output_size must be from 1 to 64, got 0.", Refusal("region_size", 0));
        Assert.Equal("x, task_detail cannot be used:\n  - feature_levels must be from 1 to 16, got 99.", Refusal("stages", 99));
        foreach (var (key, value, expected) in (IReadOnlyList<(string, string?, string)>)
        [
            ("proposals", "\"many\"", "proposals, expected a whole number but found 'many'"),
            ("proposal_overlap", "[]", "proposal_overlap, expected a number but found []"),
            ("stages", null, "stages, expected a whole number but found none"),
            ("neck_channels", "8.5", "neck_channels, expected a whole number but found 8.5"),
            ("settings", null, "settings, expected an object but found none"),
            ("anchors", null, "anchors, expected a list but found none"),
            ("anchors", "[[[0.1, 0.2]]]", "anchors, expected some for each of 3 levels but found a list of 1"),
            ("anchors", "[[[0.1, 0.2]], [], [[0.1, 0.2]]]", "anchors, expected some for each of 3 levels but found a list of 3"),
            ("anchors", "[[[0.1, 0.2]], 7]", "anchors[1], expected a list but found 7"),
            ("anchors", "[[[0.1, 0.2], null]]", "anchors[0][1], expected a list but found none"),
            ("anchors", "[[[0.1]]]", "anchors[0][0], expected a width and a height above 0 but found [0.1]"),
            ("anchors", "[[[0.1, 0]]]", "anchors[0][0], expected a width and a height above 0 but found [0.1,0]"),
            ("anchors", "[[[0.1, \"b\"]]]", "anchors[0][0][1], expected a number but found 'b'"),
        ])
        {
            Assert.Equal($"x: at task_detail.{expected}. Use a checkpoint that dcpnas train wrote.", Refusal(key, value is null ? null : JsonNode.Parse(value)));
        }

        Assert.StartsWith("x, task_detail.settings cannot be used:\n  - unknown key 'colour'.", Refusal("settings", new JsonObject { ["colour"] = 1 }), StringComparison.Ordinal);

        string Refusal(string key, JsonNode? value)
        {
            var json = detector.Describe();
            json[key] = value;
            return Assert.ThrowsAny<InputException>(() => DetectorCatalog.FromJson(json, "x")).Message;
        }
    }

    private static FasterRcnnDesign Design(int stages, int extras) => new()
    {
        Pyramid = new DetectorDesign
        {
            FeatureLevels = stages,
            ExtraLevels = extras,
            NeckChannels = 8,
            Anchors = [.. Enumerable.Range(1, stages + extras).Select(level => (IReadOnlyList<AnchorSize>)[new(0.1 * level, 0.2), new(0.2, 0.1 * level)])],
        },
        RoiOutputSize = 3,
        BoxHeadFcFeatures = 16,
        RpnPostNmsTopN = 30,
    };

    private static (TaskNetwork Network, FasterRcnnDetector Detector) Create(string architecture, int stages, int extras)
    {
        random.manual_seed(5);
        var stem = architecture == NetworkNames.Cells ? StemKind.Cifar : StemKind.ImageNet;
        var description = Examples.Of(architecture, stem) with { ImageHeight = Side, ImageWidth = Side };
        var detector = new FasterRcnnDetector(Design(stages, extras), new FasterRcnnLossOptions { BoxBatchSizePerImage = 16 });
        return (TaskNetwork.Create(description, new DetectionTask(["a", "b", "c"], detector)), detector);
    }

    private static TaskBatch Batch(Tensor images) => DetectionTargets.ToTensors(
        new DetectionBatch(
            images.permute(0, 2, 3, 1).contiguous().data<float>().ToArray(),
            [[new(1, 5, 5, 30, 40), new(0, 32, 20, 60, 60)], [], [new(2, 0, 0, 20, 20) { Difficult = true }, new(2, 30, 30, 62, 50)]], [(64, 64), (64, 64), (64, 64)], [0, 1, 2]),
        Side, Side, null);
}
