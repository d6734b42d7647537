using CsCheck;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.SearchSpace;
using DcpNas.Tests.Networks;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>Training graph and packed graph, layer by layer.</summary>
public class PackedExporterTests
{
    public static TheoryData<string, BinarizationScheme, ScaleKind, StemKind, int> Kinds() => new()
    {
        { "cells", BinarizationScheme.Paper, ScaleKind.Learnable, StemKind.Cifar, 6 },
        { "cells", BinarizationScheme.Paper, ScaleKind.MeanAbs, StemKind.Cifar, 5 },
        { "cells", BinarizationScheme.Paper, ScaleKind.Learnable, StemKind.ImageNet, 6 },
        { "cells", BinarizationScheme.Release, ScaleKind.Learnable, StemKind.Cifar, 7 },
        { "cells", BinarizationScheme.Paper, ScaleKind.Learnable, StemKind.Half, 6 },
        { "birealnet18", BinarizationScheme.Paper, ScaleKind.Learnable, StemKind.Half, 4 },
        { "birealnet18", BinarizationScheme.Paper, ScaleKind.Learnable, StemKind.Cifar, 5 },
        { "birealnet18", BinarizationScheme.Paper, ScaleKind.MeanAbs, StemKind.ImageNet, 4 },
        { "reactnet_a", BinarizationScheme.Paper, ScaleKind.Learnable, StemKind.Cifar, 3 },
        { "reactnet_a", BinarizationScheme.Paper, ScaleKind.MeanAbs, StemKind.ImageNet, 2 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Export_OfEveryOperationStrideAndScheme_EqualsTheNetworkLayerByLayer(
        string architecture, BinarizationScheme scheme, ScaleKind scale, StemKind stem, int channels)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { Scheme = scheme, Scale = scale, Channels = channels };
        using var example = new ExportExample(description);

        var report = Prove(example, 3);

        Assert.Equal(3, report.Images);
        Assert.Equal(example.Backbone.BinaryLayers.Count, report.BinaryLayers);
        Assert.Equal(example.Backbone.BinaryLayers.Sum(layer => layer.Weight.numel()), report.Weights);
        Assert.True(report.Sums > 0);
        Assert.True(report.RealSigns > 0);
        Assert.Equal(architecture == "cells" && scheme == BinarizationScheme.Paper, report.SumSigns > 0);
        Assert.InRange(report.RoundingTies, 0, report.RealSigns / 10_000);
        Assert.InRange(report.LogitError, 0, ExportProof.LogitTolerance);
        Assert.Equal(1, report.FloatAgreement);
    }

    [Theory]
    [InlineData("cells", BinarizationScheme.Paper, StemKind.Cifar, 18, 19)]
    [InlineData("cells", BinarizationScheme.Paper, StemKind.ImageNet, 65, 50)]
    [InlineData("cells", BinarizationScheme.Release, StemKind.Cifar, 19, 21)]
    [InlineData("birealnet18", BinarizationScheme.Paper, StemKind.Cifar, 18, 17)]
    [InlineData("reactnet_a", BinarizationScheme.Paper, StemKind.ImageNet, 75, 33)]
    public void Export_WhereOddMapsAreHalved_EqualsTheNetworkLayerByLayer(string architecture, BinarizationScheme scheme, StemKind stem, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var example = new ExportExample(Examples.Of(architecture, stem) with { Scheme = scheme, ImageHeight = height, ImageWidth = width });

        var report = Prove(example, 2);

        Assert.Equal(example.Backbone.BinaryLayers.Count, report.BinaryLayers);
        Assert.InRange(report.LogitError, 0, ExportProof.LogitTolerance);
        Assert.Equal(1, report.FloatAgreement);
    }

    [Fact]
    public void Export_OfRandomGenotypes_EqualsTheNetworkLayerByLayer()
    {
        var edge = Gen.OneOf("skip", "max", "avg", "sep3", "sep5", "dil3", "dil5");
        var cell = Gen.Select(edge.Array[8], Gen.Int[0, 59].Array[8], (names, picks) => string.Join(' ', Enumerable.Range(0, 4).Select(node =>
        {
            var first = picks[2 * node] % (node + 2);
            var second = (first + 1 + (picks[(2 * node) + 1] % (node + 1))) % (node + 2); // another place
            return $"n{node + 2}[{names[2 * node]}<-{first}, {names[(2 * node) + 1]}<-{second}]";
        })));
        Gen.Select(cell, cell, Gen.Int[2, 9], Gen.Bool, Gen.Int[0, 1000]).Sample(
            (normal, reduction, channels, release, seed) =>
            {
                using var scope = NewDisposeScope();
                var description = new NetworkDescription
                {
                    Genotype = Genotype.Parse($"normal: {normal} | reduction: {reduction}"),
                    Channels = channels,
                    Cells = 3,
                    StemMultiplier = 1,
                    ImageHeight = 16,
                    ImageWidth = 24,
                    Scheme = release ? BinarizationScheme.Release : BinarizationScheme.Paper,
                };
                using var example = new ExportExample(description, seed);
                return Prove(example, 1).BinaryLayers > 0;
            },
            iter: 5,
            threads: 1);
    }

    [Fact]
    public void Export_WhereNormalisedSumsAreExactlyZero_TakesPlusOneLikeTheNetwork()
    {
        // beta = 1/2, mean = 1/2, bias = 0: the sum 1 gives exactly 0; the weight of the normalisation has either sign.
        using var scope = NewDisposeScope();
        using var example = new ExportExample(Examples.Of("cells") with { Scale = ScaleKind.MeanAbs });
        example.ScaleByHalf();
        using (no_grad())
        {
            foreach (var (name, tensor) in example.Backbone.state_dict().Where(entry => entry.Key.Contains("inner_norm")))
            {
                _ = name.Split('.')[^1] switch
                {
                    "running_mean" => tensor.fill_(0.5),
                    "bias" => tensor.zero_(),
                    _ => tensor,
                };
            }
        }

        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info);
        var report = Prove(example, 2);

        Assert.True(report.SumSigns > 0);
        var fused = model.Graph.Nodes.OfType<BinaryConvolutionNode>().Where(node => node.Thresholds is not null).ToList();
        Assert.Equal(example.Backbone.BinaryLayers.Count(layer => layer.Shape.Depthwise), fused.Count);
        Assert.All(fused, node =>
        {
            var norm = new NetworkParameters(example.Backbone).Norm(node.Name.Replace("depthwise", "inner_norm"));
            var slope = new NetworkParameters(example.Backbone).Read(node.Name.Replace("depthwise", "inner_slope"));
            for (var channel = 0; channel < slope.Length; channel++)
            {
                Assert.Equal(1, SignOf(node, channel, 1));
                Assert.Equal(slope[channel] > 0 && norm.Weight[channel] > 0 ? -1 : 1, SignOf(node, channel, 0));
                Assert.Equal(slope[channel] > 0 && norm.Weight[channel] < 0 ? -1 : 1, SignOf(node, channel, 2));
            }
        });
    }

    [Fact]
    public void Export_RunThroughAFile_SaysWhatTheNetworkIs()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var example = new ExportExample(Examples.Of("cells"));
        using var images = Examples.Images(example.Backbone.Description, 2);
        var path = folder["model.dcpnas"];

        var report = PackedExportFile.ProveAndWrite(
            example.Backbone, example.Head, PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info), [images], path, null, TestContext.Current.CancellationToken);

        var model = PackedModel.Load(path);
        Assert.Equal(2, report.Images);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Equal(ExportExample.Info.Classes, model.Info.Classes);
        Assert.Equal(ExportExample.Info.Preprocessing!.Mean, model.Info.Preprocessing!.Mean);
        Assert.Equal(Examples.Genotype, Genotype.Parse(model.Info.Genotype!));
        var cost = NetworkCatalog.Cost(example.Backbone.Description, ExportExample.Classes).Total;
        Assert.Equal(cost.BinaryWeights, model.Info.Cost["binary_weights"]);
        Assert.Equal(cost.BinaryWeights, model.Graph.Nodes.Sum(node => node.BinaryWeights));
        using var runner = new PackedRunner(model);
        runner.Run(images.data<float>().ToArray(), PixelLayout.Nchw);
        Assert.Equal(example.Logits(images).argmax(1).data<long>().ToArray(), Enumerable.Range(0, 2).Select(image => (long)FirstOf(runner, image)).ToArray());
        Assert.Equal(2 * example.Backbone.FeatureCount, runner.Output(GraphOutput.Embedding).Length);
    }

    [Fact]
    public void Export_OfANetworkInTrainingMode_LeavesItAsItWas()
    {
        using var scope = NewDisposeScope();
        using var example = new ExportExample(Examples.Of("cells"));
        example.Backbone.train();
        var before = example.Backbone.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        Prove(example, 1);

        Assert.True(example.Backbone.training);
        Assert.Equal(ScalarType.Float32, get_default_dtype());
        Assert.All(example.Backbone.state_dict(), entry => Assert.True(entry.Value.Equals(before[entry.Key]), entry.Key));
    }

    [Fact]
    public void Export_OfStepOne_IsRefused()
    {
        using var example = new ExportExample(Examples.Of("cells") with { RealWeights = true });
        var error = Assert.Throws<InputException>(() => PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info));
        Assert.Equal(
            "The network has real weights: it is that of step 1, or a teacher. Export the result of step 2 (best.safetensors of the run), or export to onnx.", error.Message);
    }

    [Fact]
    public void Export_OfARealValuedNetwork_IsRefused()
    {
        using var example = new ExportExample(Examples.Of("cells") with { Scheme = BinarizationScheme.None });
        var error = Assert.Throws<InputException>(() => PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info));
        Assert.Equal("The network is the real-valued counterpart (scheme none): it has no 1-bit weights to pack. Export it to onnx.", error.Message);
    }

    [Fact]
    public void Export_OfEvenMaps_ReadsNothingBeyondTheirBorders()
    {
        using var example = new ExportExample(Examples.Of("cells"));
        var nodes = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info).Graph.Nodes;
        Assert.All(nodes.OfType<BinaryConvolutionNode>().Where(node => node.Name.EndsWith(".odd", StringComparison.Ordinal)), node => Assert.Equal((0, 1), (node.Geometry.Padding, node.Geometry.Offset)));
    }

    [Fact]
    public void Export_OfABrokenNetwork_NamesTheParameter()
    {
        using var example = new ExportExample(Examples.Of("cells"));
        using (no_grad())
        {
            example.Backbone.state_dict()["cells.0.preprocess.1.outer_norm.bias"][2] = float.NaN;
        }

        var error = Assert.Throws<InputException>(() => PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info));
        Assert.Equal("cells.0.preprocess.1.outer_norm.bias[2] must be finite, got NaN: the network is broken. Export another checkpoint.", error.Message);
    }

    internal static ProofReport Prove(ExportExample example, int count)
    {
        using var scope = NewDisposeScope();
        var images = Examples.Images(example.Backbone.Description, count);
        return ExportProof.Run(example.Backbone, example.Head, PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info), [images]);
    }

    private static int SignOf(BinaryConvolutionNode node, int channel, int sum) =>
        sum < node.Thresholds!.Value.Span[channel] == (node.Rules!.Value.Span[channel] == ThresholdRule.Below) ? -1 : 1;

    private static int FirstOf(PackedRunner runner, int image)
    {
        Span<Prediction> best = new Prediction[1];
        runner.TopClasses(image, best);
        return best[0].Class;
    }
}
