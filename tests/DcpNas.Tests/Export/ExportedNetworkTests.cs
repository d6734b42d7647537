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
using static TorchSharp.torch;

namespace DcpNas.Tests.Export;

/// <summary>What a model file says of its network.</summary>
public class ExportedNetworkTests
{
    private const string Remedy = "Export the run again, without --compact (dcpnas export RUN --out FILE); files of earlier versions and compact ones do not hold it.";

    public static TheoryData<string, BinarizationScheme, StemKind, int> Networks() => new()
    {
        { "cells", BinarizationScheme.Paper, StemKind.Cifar, 6 },
        { "cells", BinarizationScheme.Paper, StemKind.ImageNet, 6 },
        { "cells", BinarizationScheme.Release, StemKind.Cifar, 7 },
        { "birealnet18", BinarizationScheme.Paper, StemKind.ImageNet, 4 },
        { "reactnet_a", BinarizationScheme.Paper, StemKind.Cifar, 3 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Of_AModelFile_IsTheNetworkThatItWasMadeOf(string architecture, BinarizationScheme scheme, StemKind stem, int channels)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { Scheme = scheme, Channels = channels, Scale = ScaleKind.MeanAbs, ActivationGradient = SignEstimator.StraightThrough };
        description = architecture == NetworkNames.Cells ? description : description with { Cells = 20, StemMultiplier = 3 }; // which other networks do not read
        using var example = new ExportExample(description);
        var task = new ClassificationTask(ExportExample.Info.Classes);
        var model = Reloaded(PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info with { Network = new ExportedNetwork(description, task).ToJson() }));

        var network = ExportedNetwork.Of(model, "net.dcpnas");

        Assert.Equal(description, network.Network);
        Assert.Equal(ExportExample.Info.Classes, Assert.IsType<ClassificationTask>(network.Task).ClassNames);
        var (counterpart, file) = network.ExportFullPrecision();
        Assert.Equal(description with { Scheme = BinarizationScheme.None }, counterpart);
        var outputs = OnnxRun.Outputs(file, zeros(1, 3, description.ImageHeight, description.ImageWidth), [OnnxExporter.Output]);
        Assert.Equal([1, ExportExample.Classes], outputs[OnnxExporter.Output].shape);
    }

    [Fact]
    public void Of_AFileOfANetworkOfEmbeddings_KnowsItsTask()
    {
        using var example = new HeadExample(HeadExample.Embedding, Examples.Of("birealnet18"));
        var model = Model(example, new ReIdentificationTask(7), null);
        Assert.Equal(7, Assert.IsType<ReIdentificationTask>(ExportedNetwork.Of(model, "net").Task).Persons);
    }

    [Fact]
    public void Of_AFileOfADetector_KnowsItsDesign()
    {
        using var example = new HeadExample(HeadExample.Detector, Examples.Of("reactnet_a"));
        var design = ((SsdHead)example.Head).Design;
        var model = Model(
            example, new DetectionTask(HeadExample.Info.Classes, new OneStageDetector(design)),
            new DetectorInfo { Levels = [.. design.Anchors.Select((sizes, level) => new DetectorLevel($"scores.{level}", $"codes.{level}", sizes))] });

        var task = Assert.IsType<DetectionTask>(ExportedNetwork.Of(model, "net").Task);

        Assert.Equal(design.ToJson().ToJsonString(), Assert.IsType<OneStageDetector>(task.Detector).Design.ToJson().ToJsonString());
        Assert.Equal(HeadExample.Info.Classes, task.ClassNames);
    }

    [Theory]
    [InlineData(null, "net: at model.network, expected a description of the network but found none. " + Remedy)]
    [InlineData("{}", "net: at model.network.task, expected a text but found none. " + Remedy)]
    [InlineData("""{"architecture":"birealnet18"}""", "net: at model.network.task, expected a text but found none. " + Remedy)]
    [InlineData("""{"task":"classification","task_detail":3}""", "net: at model.network.task_detail, expected an object but found 3. " + Remedy)]
    [InlineData("""{"task":"translation"}""", "net: at task, expected one of classification, detection, re_identification but found 'translation'. Use a version of dcpnas that knows this task.")]
    [InlineData(
        """{"task":"classification","architecture":"birealnet18","chanels":4}""",
        "net, model.network cannot be used:\n  - unknown key 'chanels'. Did you mean 'channels'? Known keys: architecture, channels, stem, image_height, image_width, image_channels, scheme, scale, activation_gradient, real_weights.")]
    [InlineData(
        """{"task":"classification","architecture":"birealnet18","image_height":64}""",
        "net: at model.network, expected the image of the model, 16x16x3 but found 64x32x3. " + Remedy)]
    public void Of_AFileThatDoesNotSayIt_SaysWhatToDo(string? network, string message)
    {
        using var example = new ExportExample(Examples.Of("birealnet18"));
        var model = PackedExporter.Export(example.Backbone, example.Head, ExportExample.Info with { Network = network });
        Assert.Equal(message, Assert.ThrowsAny<InputException>(() => ExportedNetwork.Of(model, "net")).Message);
    }

    private static PackedModel Model(HeadExample example, ITask task, DetectorInfo? detector) => Reloaded(PackedExporter.Walk(example.Backbone, example.Head).Build(HeadExample.Info with
    {
        Classes = task.ClassNames,
        Network = new ExportedNetwork(example.Backbone.Description, task).ToJson(),
        Detector = detector,
    }));

    private static PackedModel Reloaded(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return PackedModel.Load(stream.ToArray());
    }
}
