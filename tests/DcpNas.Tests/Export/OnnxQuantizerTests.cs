using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Export.Onnx;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>8-bit networks against the float32 networks that they were made of, run by ONNX Runtime.</summary>
public class OnnxQuantizerTests
{
    [Theory]
    [InlineData("cells", StemKind.Cifar)]
    [InlineData("cells", StemKind.ImageNet)]
    [InlineData("birealnet18", StemKind.Cifar)]
    [InlineData("reactnet_a", StemKind.Cifar)]
    public void Quantize_OfARealNetwork_FoldsExactlyAndRoundsLittle(string architecture, StemKind stem)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var description = Examples.Of(architecture, stem) with { Scheme = BinarizationScheme.None };
        using var backbone = Examples.Build(description, ScalarType.Float32, 5);
        using var head = new DcpNas.Tasks.Classification.LinearHead(backbone.FeatureCount, ExportExample.Classes);
        backbone.eval();
        var images = Examples.Images(description, 8);
        var expected = nn.functional.linear(backbone.Features(images), head.Weight, head.Bias);
        var quantizer = new OnnxQuantizer(OnnxExporter.Export(backbone, head, ExportExample.Info));

        var values = Run(quantizer.Calibration(), images, quantizer.Activations.Skip(1));
        var largest = expected.abs().max().ToDouble();
        Assert.InRange(Error(expected, values[OnnxExporter.Output]), 0, 1e-4 * Math.Max(1, largest));

        values[OnnxExporter.Input] = images.data<float>().ToArray();
        var file = quantizer.Quantize(values.ToDictionary(value => value.Key, value => (value.Value.Min(), value.Value.Max())));
        var logits = Run(file, images, [OnnxExporter.Output])[OnnxExporter.Output];
        var error = Error(expected, logits);
        Assert.True(error > 0, "nothing was rounded");
        Assert.True(error < 0.25 * largest, $"largest error {error}, largest logit {largest}");

        // Every value that a node reads has gone through 8 bits.
        var nodes = ModelProto.Parser.ParseFrom(file).Graph.Node;
        var dequantized = nodes.Where(node => node.OpType == "DequantizeLinear").Select(node => node.Output[0]).ToHashSet();
        Assert.All(nodes.Where(node => node.OpType is not ("QuantizeLinear" or "DequantizeLinear")), node => Assert.Contains(node.Input[0], dequantized));
        Assert.DoesNotContain(nodes, node => node.OpType == "BatchNormalization");
    }

    [Theory]
    [InlineData(HeadExample.Embedding, "cells")]
    [InlineData(HeadExample.Detector, "birealnet18")]
    public void Quantize_OfAnotherTask_FoldsExactlyAndRoundsLittle(string kind, string architecture)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture) with { Scheme = BinarizationScheme.None, ImageHeight = 32, ImageWidth = 32 };
        using var example = new HeadExample(kind, description);
        var images = Examples.Images(description, 8);
        var expected = example.Outputs(images);
        string[] outputs = kind == HeadExample.Embedding ? ["embedding"] : ["scores", "codes"];
        var quantizer = new OnnxQuantizer(OnnxExporter.Export(example.Backbone, example.Head, HeadExample.Info));

        var values = Run(quantizer.Calibration(), images, quantizer.Activations.Skip(1));
        values[OnnxExporter.Input] = images.data<float>().ToArray();
        var found = Run(quantizer.Quantize(values.ToDictionary(value => value.Key, value => (value.Value.Min(), value.Value.Max()))), images, outputs);

        for (var i = 0; i < outputs.Length; i++)
        {
            var largest = expected[i].abs().max().ToDouble();
            Assert.InRange(Error(expected[i], values[outputs[i]]), 0, 1e-4 * Math.Max(1, largest));
            var error = Error(expected[i], found[outputs[i]]);
            Assert.True(error > 0, "nothing was rounded");
            Assert.True(error < 0.25 * largest, $"largest error {error}, largest number {largest}");
        }
    }

    [Fact]
    public void Create_OfA1BitNetwork_IsRefused()
    {
        using var example = new ExportExample(Examples.Of("cells"));
        var file = OnnxExporter.Export(example.Backbone, example.Head, ExportExample.Info);

        var problem = Assert.Throws<InputException>(() => new OnnxQuantizer(file));

        Assert.EndsWith("has no 8-bit form here. Only networks of scheme none can be quantised.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_WithoutARange_NamesIt()
    {
        using var scope = NewDisposeScope();
        using var example = new ExportExample(Examples.Of("cells") with { Scheme = BinarizationScheme.None });
        var quantizer = new OnnxQuantizer(OnnxExporter.Export(example.Backbone, example.Head, ExportExample.Info));

        var problem = Assert.Throws<ArgumentException>(() => quantizer.Quantize(new Dictionary<string, (float, float)> { ["image"] = (-1, float.NaN) }));

        Assert.StartsWith("ranges must have finite numbers for 'image'.", problem.Message, StringComparison.Ordinal);
    }

    private static double Error(Tensor expected, float[] actual) => (expected.flatten() - tensor(actual)).abs().max().ToDouble();

    private static Dictionary<string, float[]> Run(byte[] model, Tensor images, IEnumerable<string> outputs) =>
        OnnxRun.Outputs(model, images, outputs).ToDictionary(output => output.Key, output => output.Value.data<float>().ToArray());
}
