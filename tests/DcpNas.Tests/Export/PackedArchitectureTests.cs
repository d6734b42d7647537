using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
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
        using var head = PackedArchitecture.CreateHead(model, example.Backbone);
        Assert.Equal(ExportExample.Classes, Assert.IsType<LinearHead>(head).Bias.numel());
    }

    [Theory]
    [InlineData(HeadExample.Embedding, "cells", 0)]
    [InlineData(HeadExample.Detector, "cells", 1)]
    [InlineData(HeadExample.Detector, "birealnet18", 3)]
    [InlineData(HeadExample.Detector, "reactnet_a", 2)]
    public void Recover_OfAnotherTask_IsTheDescriptionOfItsNetworkAndHead(string kind, string architecture, int anchors)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture) with { ImageHeight = 33, ImageWidth = 32 };
        description = architecture == "cells" ? description : description with { Cells = 20, StemMultiplier = 3 };
        using var example = new HeadExample(kind, description, anchors);
        var model = PackedExporter.Walk(example.Backbone, example.Head).Build(HeadExample.Info with
        {
            Genotype = description.Genotype?.ToString(),
            Detector = example.Head is SsdHead ssd
                ? new DetectorInfo { Levels = [.. ssd.Design.Anchors.Select((sizes, level) => new DetectorLevel($"scores.{level}", $"codes.{level}", sizes))] }
                : null,
        });

        Assert.Equal(description, PackedArchitecture.Recover(model));
        using var head = PackedArchitecture.CreateHead(model, example.Backbone);
        Assert.Equal(example.Head.GetType(), head.GetType());
        if (head is SsdHead found)
        {
            var design = ((SsdHead)example.Head).Design;
            Assert.Equal((design.Stages, design.ExtraLevels, design.NeckChannels, design.TowerUnits), (found.Design.Stages, found.Design.ExtraLevels, found.Design.NeckChannels, found.Design.TowerUnits));
            Assert.Equal(design.Anchors, found.Design.Anchors);
        }
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
    public void Recover_OfAModelOfNoTask_IsRefused()
    {
        var builder = new GraphBuilder(16, 16, 3);
        builder.Output("heat", builder.GlobalAverage("mean", builder.Image));
        var model = builder.Build(ExportExample.Info with { Classes = [] });
        Assert.Equal(
            "The model is no classifier, no network of embeddings and no detector. Only models that dcpnas export has written can be compared.",
            Assert.Throws<InputException>(() => PackedArchitecture.Recover(model)).Message);
    }

    [Fact]
    public void Recover_OfADetectorOfAnotherProgram_IsRefused()
    {
        var builder = new GraphBuilder(16, 16, 3);
        builder.Output("s", builder.Convolution("s", builder.Image, new float[12], [], ConvolutionGeometry.Pointwise));
        builder.Output("b", builder.Convolution("b", builder.Image, new float[12], [], ConvolutionGeometry.Pointwise));
        var model = builder.Build(HeadExample.Info with { Detector = new DetectorInfo { Levels = [new("s", "b", [new AnchorSize(0.5, 0.5)])] } });
        Assert.Equal(
            "The model has no head of a one-stage detector: stages must be from 1 to 16, got 0. Only models that dcpnas export has written can be compared.",
            Assert.Throws<InputException>(() => PackedArchitecture.Recover(model)).Message);
    }
}
