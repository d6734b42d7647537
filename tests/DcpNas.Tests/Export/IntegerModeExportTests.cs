using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Runtime.Model;
using DcpNas.Runtime;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>The integer mode of every network that can be packed. What it computes: Runtime.Tests IntegerModeTests.</summary>
public class IntegerModeExportTests
{
    [Theory]
    [MemberData(nameof(PackedExporterTests.Kinds), MemberType = typeof(PackedExporterTests))]
    public void Give_AnyClassifier_GivesItsIntegerMode(string architecture, BinarizationScheme scheme, ScaleKind scale, StemKind stem, int channels)
    {
        using var scope = NewDisposeScope();
        using var example = new ExportExample(Examples.Of(architecture, stem) with { Scheme = scheme, Scale = scale, Channels = channels });

        AssertRuns(Calibrated(PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info)));
    }

    [Theory]
    [InlineData(HeadExample.Embedding)]
    [InlineData(HeadExample.Detector)]
    public void Give_AnyHead_GivesItsIntegerMode(string kind)
    {
        using var scope = NewDisposeScope();
        using var example = new HeadExample(kind, Examples.Of("birealnet18", StemKind.Cifar) with { Channels = 4, ImageHeight = 32, ImageWidth = 32 });
        var info = kind == HeadExample.Embedding ? HeadExample.Info with { Classes = [] } : HeadExample.Info;

        AssertRuns(Calibrated(PackedExporter.Walk(example.Backbone, example.Head).Build(info)));
    }

    private static PackedModel Calibrated(PackedModel model)
    {
        var input = model.Graph.Input;
        return ModeCalibration.Give(model, NumericMode.Integer, [(Pixels(4, input), Array.Empty<int>()), (Pixels(4, input), [])], 8, TestContext.Current.CancellationToken);
    }

    /// <summary>8-bit pixels, as <see cref="ExportExample.Info"/> normalises them.</summary>
    private static Tensor Pixels(int count, ValueShape input)
    {
        var (mean, deviation) = (tensor(new[] { 0.5f, 0.4f, 0.3f }).reshape(1, 3, 1, 1), tensor(new[] { 0.25f, 0.2f, 0.3f }).reshape(1, 3, 1, 1));
        return (((randint(0, 256, [count, 3, input.Height, input.Width]) / 255.0f) - mean) / deviation).to(ScalarType.Float32);
    }

    private static void AssertRuns(PackedModel model)
    {
        var integers = model.Info.Integers!;
        Assert.Equal((4, 4), (integers.CalibrationImages, integers.Agreement.Images));
        Assert.InRange(integers.Agreement.RelativeError, 1e-9, 1.2); // the signs of random networks are chaotic: a small difference becomes a large one
        var copy = PackedModel.Load(Bytes(model));
        var pixels = new byte[copy.Graph.Input.Elements];
        new Random(1).NextBytes(pixels);
        using var exact = new PackedRunner(copy, new PackedRunnerOptions { KeepValues = true });
        using var integer = new PackedRunner(copy, new PackedRunnerOptions { Mode = NumericMode.Integer, KeepValues = true });
        exact.Run(pixels);
        integer.Run(pixels);
        var stem = copy.Graph.Nodes[0].Name;
        var (expected, actual) = (new float[copy.Graph.ShapeOf(stem).Elements], new float[copy.Graph.ShapeOf(stem).Elements]);
        exact.ReadValue(stem, expected);
        integer.ReadValue(stem, actual);
        Assert.InRange(Math.Sqrt(expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(a => Math.Pow(a, 2))), 1e-9, 2e-3);
    }

    private static byte[] Bytes(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
