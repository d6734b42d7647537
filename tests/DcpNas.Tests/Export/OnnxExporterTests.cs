using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Export.Onnx;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>ONNX files against the network, run by ONNX Runtime.</summary>
public class OnnxExporterTests
{
    public static TheoryData<string, BinarizationScheme, bool, StemKind, int> Kinds() => new()
    {
        { "cells", BinarizationScheme.Paper, false, StemKind.Cifar, 16 },
        { "cells", BinarizationScheme.Paper, false, StemKind.Cifar, 18 },
        { "cells", BinarizationScheme.Paper, true, StemKind.Cifar, 16 },
        { "cells", BinarizationScheme.Release, false, StemKind.ImageNet, 64 },
        { "cells", BinarizationScheme.None, false, StemKind.ImageNet, 64 },
        { "cells", BinarizationScheme.None, false, StemKind.Cifar, 19 },
        { "birealnet18", BinarizationScheme.Paper, false, StemKind.ImageNet, 64 },
        { "birealnet18", BinarizationScheme.None, false, StemKind.Cifar, 18 },
        { "reactnet_a", BinarizationScheme.Paper, false, StemKind.Cifar, 19 },
        { "reactnet_a", BinarizationScheme.None, false, StemKind.Cifar, 16 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Export_RunByOnnxRuntime_SaysWhatTheNetworkSays(string architecture, BinarizationScheme scheme, bool realWeights, StemKind stem, int size)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { Scheme = scheme, RealWeights = realWeights, ImageHeight = size, ImageWidth = size };
        using var example = new ExportExample(description);
        var images = Examples.Images(description, 4);
        var expected = example.Logits(images);

        var found = Run(OnnxExporter.Export(example.Backbone, example.Head, ExportExample.Info), images);

        Assert.Equal(expected.argmax(1).data<long>().ToArray(), found.argmax(1).data<long>().ToArray());
        Assert.InRange((expected - found).abs().max().ToDouble(), 0, 1e-4 * Math.Max(1, expected.abs().max().ToDouble()));
    }

    [Theory]
    [InlineData(HeadExample.Embedding, "cells", BinarizationScheme.Paper, 16, new[] { "embedding" })]
    [InlineData(HeadExample.Embedding, "birealnet18", BinarizationScheme.None, 18, new[] { "embedding" })]
    [InlineData(HeadExample.Detector, "cells", BinarizationScheme.Paper, 32, new[] { "scores", "codes" })]
    [InlineData(HeadExample.Detector, "reactnet_a", BinarizationScheme.Paper, 50, new[] { "scores", "codes" })]
    [InlineData(HeadExample.Detector, "birealnet18", BinarizationScheme.None, 32, new[] { "scores", "codes" })]
    public void Export_OfAnotherTask_GivesItsRawOutputs(string kind, string architecture, BinarizationScheme scheme, int size, string[] names)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture) with { Scheme = scheme, ImageHeight = size, ImageWidth = size };
        using var example = new HeadExample(kind, description);
        var images = Examples.Images(description, 3);
        var expected = example.Outputs(images);

        var file = OnnxExporter.Export(example.Backbone, example.Head, HeadExample.Info);

        Assert.Equal(names, ModelProto.Parser.ParseFrom(file).Graph.Output.Select(output => output.Name));
        for (var i = 0; i < names.Length; i++)
        {
            var found = Run(file, images, names[i]);
            Assert.Equal(expected[i].shape, found.shape);
            Assert.InRange((expected[i] - found).abs().max().ToDouble(), 0, 1e-4 * Math.Max(1, expected[i].abs().max().ToDouble()));
        }
    }

    [Fact]
    public void Export_OfADetector_SaysHowItsOutputsBecomeBoxes()
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of("birealnet18") with { ImageHeight = 50, ImageWidth = 50 };
        using var example = new HeadExample(HeadExample.Detector, description);
        var images = Examples.Images(description, 1);
        var file = OnnxExporter.Export(example.Backbone, example.Head, HeadExample.Info with { Producer = "dcpnas 9.8.7" });
        var model = ModelProto.Parser.ParseFrom(file);
        Assert.Equal(("dcpnas", "9.8.7"), (model.ProducerName, model.ProducerVersion));
        var metadata = model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);

        // A reader that has nothing but the file.
        var detector = JsonNode.Parse(metadata["detector"])!;
        var anchors = detector["levels"]!.AsArray().SelectMany(level => Anchor.OfMap(
            (int)level!["height"]!, (int)level["width"]!, [.. level["anchors"]!.AsArray().Select(size => new AnchorSize((double)size![0]!, (double)size[1]!))]));
        var classes = metadata["classes"].Split('\n');
        var decoder = new DetectionDecoder(anchors, classes.Length, new DetectorSettings
        {
            CentreVariance = (double)detector["centre_variance"]!,
            SizeVariance = (double)detector["size_variance"]!,
            ScoreThreshold = (double)detector["score_threshold"]!,
            OverlapThreshold = (double)detector["overlap_threshold"]!,
            MostCandidates = (int)detector["most_candidates"]!,
            MostDetections = (int)detector["most_detections"]!,
        });
        var found = decoder.Decode(Run(file, images, "scores").data<float>().ToArray(), Run(file, images, "codes").data<float>().ToArray());

        // The packed model of the same network.
        var packed = PackedExporter.Walk(example.Backbone, example.Head).Build(HeadExample.Info with
        {
            Detector = new DetectorInfo { Levels = [.. ((SsdHead)example.Head).Design.Anchors.Select((sizes, level) => new DetectorLevel($"scores.{level}", $"codes.{level}", sizes))] },
        });
        using var runner = new PackedRunner(packed);
        runner.Run(images.data<float>().ToArray(), PixelLayout.Nchw);
        var expected = runner.Detections(0);

        Assert.Equal("stretch", metadata["fit"]);
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(box => (box.Class, (double)box.Score, (double)box.Left)).First().Class, found[0].Class);
        Assert.Equal(expected[0].Score, found[0].Score, 1e-4);
        Assert.Equal(expected[0].Left, 50 * found[0].Left, 1e-2);
        Assert.Equal(expected[0].Bottom, 50 * found[0].Bottom, 1e-2);
    }

    [Fact]
    public void Export_OfASignAtZero_IsPlusOne()
    {
        var graph = new OnnxGraph();
        graph.Graph.Input.Add(OnnxGraph.Describe("image", null, 1, 1, 4));
        var signs = new OnnxEmitter(graph, new OnnxValue("image", 1, 1, 4)).Signs("signs", new OnnxValue("image", 1, 1, 4), null, null);
        graph.Graph.Output.Add(OnnxGraph.Describe(signs.Name, null, 1, 1, 4));
        var model = new ModelProto { IrVersion = OnnxExporter.FormatVersion, Graph = graph.Graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OnnxExporter.OperatorSet });

        using var scope = NewDisposeScope();
        var found = Run(Google.Protobuf.MessageExtensions.ToByteArray(model), tensor([0f, -0f, -1e-30f, 1e-30f]).view(1, 1, 1, 4));

        Assert.Equal([1f, 1f, -1f, 1f], found.data<float>().ToArray());
    }

    [Fact]
    public void Export_UsesStandardOperatorsAndSignsAsWeights()
    {
        using var example = new ExportExample(Examples.Of("cells"));

        var model = ModelProto.Parser.ParseFrom(OnnxExporter.Export(example.Backbone, example.Head, ExportExample.Info));

        var import = Assert.Single(model.OpsetImport);
        Assert.Equal(("", 17), (import.Domain, import.Version));
        Assert.Equal(
            ["Add", "AveragePool", "BatchNormalization", "Concat", "Conv", "Flatten", "Gemm", "GlobalAveragePool", "MaxPool", "Mul", "PRelu", "Sign", "Slice"],
            model.Graph.Node.Select(node => node.OpType).Distinct().Order(StringComparer.Ordinal));
        foreach (var layer in model.Graph.Node.Where(node => node.OpType == "Conv" && node.Name.StartsWith("cells", StringComparison.Ordinal)))
        {
            var weight = model.Graph.Initializer.Single(tensor => tensor.Name == layer.Input[1]);
            var numbers = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray();
            Assert.All(numbers, number => Assert.Equal(1, Math.Abs(number)));
        }

        Assert.Equal("ant\nbee\ncat\ndog\neel", model.MetadataProps.Single(entry => entry.Key == "classes").Value);
        Assert.Equal("0.25 0.2 0.3", model.MetadataProps.Single(entry => entry.Key == "std").Value);
    }

    private static Tensor Run(byte[] model, Tensor images, string? output = null) =>
        OnnxRun.Outputs(model, images, [output ?? ModelProto.Parser.ParseFrom(model).Graph.Output[0].Name]).Values.Single();
}
