using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Runtime.Model;
using DcpNas.Tests.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

public class PackedArchitectureTests
{
    public static TheoryData<string, BinarizationScheme, StemKind, int, int> Networks() => new()
    {
        { "cells", BinarizationScheme.Paper, StemKind.Cifar, 6, 4 },
        { "cells", BinarizationScheme.Paper, StemKind.Cifar, 5, 1 },
        { "cells", BinarizationScheme.Paper, StemKind.Cifar, 4, 2 },
        { "cells", BinarizationScheme.Paper, StemKind.ImageNet, 6, 3 },
        { "cells", BinarizationScheme.Release, StemKind.Cifar, 7, 3 },
        { "birealnet18", BinarizationScheme.Paper, StemKind.Cifar, 5, 4 },
        { "birealnet18", BinarizationScheme.Paper, StemKind.ImageNet, 4, 4 },
        { "reactnet_a", BinarizationScheme.Paper, StemKind.Cifar, 3, 4 },
        { "reactnet_a", BinarizationScheme.Paper, StemKind.ImageNet, 2, 4 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Recover_OfAnExport_IsTheDescriptionOfItsNetwork(string architecture, BinarizationScheme scheme, StemKind stem, int channels, int cells)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { Scheme = scheme, Channels = channels };
        description = architecture == "cells" ? description with { Cells = cells, StemMultiplier = stem == StemKind.Cifar ? 2 : 3 } : description with { Cells = 20, StemMultiplier = 3 };
        using var example = new ExportExample(description);
        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info);

        Assert.Equal(description, PackedArchitecture.Recover(model));
        Assert.Equal(ExportExample.Classes, PackedArchitecture.Classes(model));
    }

    [Fact]
    public void Recover_OfAnotherGraph_IsRefused()
    {
        var builder = new GraphBuilder(16, 16, 3);
        builder.Output(GraphOutput.Logits, builder.GlobalAverage("stem", builder.Image));
        var model = builder.Build(ExportExample.Info with { Classes = [] });
        Assert.Equal(
            "The graph of the model is that of no network of cells, birealnet18, reactnet_a. Only models that dcpnas export has written can be compared.",
            Assert.Throws<InputException>(() => PackedArchitecture.Recover(model)).Message);
    }

    [Fact]
    public void Classes_OfAModelWithoutLogits_IsRefused()
    {
        var builder = new GraphBuilder(16, 16, 3);
        builder.Output(GraphOutput.Embedding, builder.GlobalAverage("mean", builder.Image));
        var model = builder.Build(ExportExample.Info with { Classes = [] });
        Assert.Equal(
            "The model has 0 classes, but a classifier has at least 2. Only models that dcpnas export has written can be compared.",
            Assert.Throws<InputException>(() => PackedArchitecture.Classes(model)).Message);
    }
}
