using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Tests.Networks;
using DcpNas.Tests.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>The reference of the proof against the trainable layers in float64: two readers of one graph.</summary>
public class ReferenceNetworkTests
{
    public static TheoryData<string, StemKind, BinarizationScheme, ScaleKind, bool> Kinds() => new()
    {
        { "cells", StemKind.Cifar, BinarizationScheme.Paper, ScaleKind.Learnable, false },
        { "cells", StemKind.ImageNet, BinarizationScheme.Release, ScaleKind.MeanAbs, false },
        { "cells", StemKind.Half, BinarizationScheme.None, ScaleKind.Learnable, false },
        { "cells", StemKind.Cifar, BinarizationScheme.Paper, ScaleKind.Learnable, true },
        { "birealnet18", StemKind.ImageNet, BinarizationScheme.Paper, ScaleKind.Learnable, false },
        { "birealnet18", StemKind.Cifar, BinarizationScheme.None, ScaleKind.Learnable, false },
        { "reactnet_a", StemKind.Half, BinarizationScheme.Paper, ScaleKind.MeanAbs, false },
        { "reactnet_a", StemKind.Cifar, BinarizationScheme.None, ScaleKind.Learnable, false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_OfAClassifier_EqualsItsLayersInFloat64(string architecture, StemKind stem, BinarizationScheme scheme, ScaleKind scale, bool realWeights) =>
        CompareWithLayers(
            Examples.Of(architecture, stem) with { Scheme = scheme, Scale = scale, RealWeights = realWeights, ImageHeight = 50, ImageWidth = 75 },
            backbone => new LinearHead(backbone.FeatureCount, 5));

    [Fact]
    public void Run_OfEmbeddings_EqualsItsLayersInFloat64() => CompareWithLayers(Examples.Of("cells"), backbone => new EmbeddingHead(backbone.FeatureCount, 3));

    [Theory]
    [InlineData("birealnet18", BinarizationScheme.Paper)]
    [InlineData("cells", BinarizationScheme.None)]
    public void Run_OfAOneStageDetector_EqualsItsLayersInFloat64(string architecture, BinarizationScheme scheme)
    {
        var design = new DetectorDesign
        {
            FeatureLevels = 2,
            ExtraLevels = 1,
            NeckChannels = 6,
            HeadConvs = 1,
            Anchors = [.. Enumerable.Range(1, 3).Select(level => (IReadOnlyList<AnchorSize>)[new(0.1 * level, 0.2), new(0.2, 0.1 * level)])],
        };
        CompareWithLayers(Examples.Of(architecture) with { Scheme = scheme }, backbone => new SsdHead(design, backbone.Description, backbone.Stages, 3));
    }

    private static void CompareWithLayers(NetworkDescription description, Func<Backbone, TaskHead> create)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = Examples.Build(description, ScalarType.Float64);
        set_default_dtype(ScalarType.Float64);
        using var head = create(backbone);
        set_default_dtype(ScalarType.Float32);
        foreach (var (name, value) in ModuleState.Of(head).Where(entry => entry.Value.dim() == 1))
        {
            value.add_(rand_like(value) * 0.3); // away from first values; variances stay positive
        }

        backbone.eval();
        head.eval();
        var images = Examples.Images(description, 2, ScalarType.Float64);
        using var reference = new ReferenceNetwork(backbone, head, null);

        var expected = head.Run(backbone.Run(images));
        var actual = reference.Run(images);

        Assert.NotEmpty(actual);
        foreach (var (output, index) in actual.Select((output, index) => (output, index)))
        {
            Compare.Close(expected[index], output, 1e-9, $"output {index}");
        }
    }
}
