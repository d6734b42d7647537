using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using DcpNas.Tests.Networks;
using DcpNas.Tests.Training;
using DcpNas.Training;
using static TorchSharp.torch;
using ModelInfo = DcpNas.Runtime.ModelInfo;

namespace DcpNas.Tests.Export;

/// <summary>Detectors in the training graph and in the packed graph.</summary>
public class DetectorExportTests
{
    [Theory]
    [InlineData("birealnet18", StemKind.ImageNet, 64, 2, 1, 1)]
    [InlineData("birealnet18", StemKind.Cifar, 32, 3, 0, 2)]
    [InlineData("reactnet_a", StemKind.Cifar, 32, 2, 1, 0)]
    [InlineData("cells", StemKind.Cifar, 32, 2, 2, 1)]
    [InlineData("reactnet_a", StemKind.ImageNet, 75, 2, 2, 1)]
    public void Export_OfADetector_EqualsTheNetworkLayerByLayerAndBoxByBox(string architecture, StemKind stem, int side, int stages, int extras, int towers)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { Channels = architecture == "reactnet_a" ? 2 : 5, ImageHeight = side, ImageWidth = side };
        var (network, task) = Detector(description, stages, extras, towers);
        using var owned = network;
        var model = PackedModel.Load(Bytes(DetectorExporter.Export(network, task, Info())));
        var images = randn(3, 3, side, side);

        var report = ExportProof.Run(network.Backbone, network.Head, model, [images], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((3L, network.BinaryLayers.Count), (report.Images, report.BinaryLayers));
        Assert.Equal(network.BinaryLayers.Sum(layer => layer.Weight.numel()), report.Weights);
        Assert.InRange(report.LogitError, 0, ExportProof.LogitTolerance);
        Assert.Equal(1, report.FloatAgreement);

        using var runner = new PackedRunner(model);
        runner.Run(images.contiguous().data<float>().ToArray(), PixelLayout.Nchw);
        using var _ = no_grad();
        network.eval();
        var outputs = network.Run(images).Main;
        for (var image = 0; image < 3; image++)
        {
            var expected = ((OneStageDetector)task.Detector).Decoder.Decode(outputs[0][image].contiguous().data<float>().ToArray(), outputs[1][image].contiguous().data<float>().ToArray());
            var found = runner.Detections(image);
            Assert.NotEmpty(found);
            Assert.Equal(expected.Count, found.Count);
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(expected[i].Score, found[i].Score, 1e-3);
                Assert.Equal(expected[i].Left * side, found[i].Left, 0.05);
                Assert.Equal(expected[i].Bottom * side, found[i].Bottom, 0.05);
            }
        }
    }

    [Fact]
    public void Run_WithAnotherWeight_NamesTheLayer()
    {
        using var scope = NewDisposeScope();
        var (network, task) = Detector(Examples.Of("birealnet18", StemKind.Cifar) with { Channels = 4, ImageHeight = 32, ImageWidth = 32 }, 2, 0, 1);
        using var owned = network;
        var model = DetectorExporter.Export(network, task, Info());
        using (no_grad())
        {
            network.BinaryLayers[^1].Weight[0, 0, 1, 1] = -network.BinaryLayers[^1].Weight[0, 0, 1, 1];
        }

        var error = Assert.Throws<ExportMismatchException>(() => ExportProof.Run(network.Backbone, network.Head, model, [randn(1, 3, 32, 32)], cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("head.towers.1.0.convolution", error.Layer);
    }

    [Fact]
    public void Export_WhatCannotBePacked_SaysWhy()
    {
        using var scope = NewDisposeScope();
        var (network, task) = Detector(Examples.Of("birealnet18", StemKind.Cifar) with { Channels = 4, Scheme = BinarizationScheme.None }, 2, 0, 1);
        using var owned = network;
        Assert.StartsWith("The network is the real-valued counterpart (scheme none)", Assert.Throws<InputException>(() => DetectorExporter.Export(network, task, Info())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_OnARun_ProvesOnItsValidationImagesAndWritesAModelThatFindsBoxes()
    {
        using var folder = TrainFixture.Folder();
        DetectFixture.Run(folder.Path, DetectFixture.Tiny with { Epochs = 1, TwoStep = false }, new TrainFixture());
        var path = Path.Combine(folder.Path, "detector.dcpnas");
        var outcome = ExportRun.Execute(new ExportOptions { Model = folder.Path, Out = path, Images = 4, IntegerMode = true }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((4L, "boxes", "4 validation images of synthetic scenes"), (outcome.Proof!.Images, outcome.Proof.Output, outcome.ProofImages));
        var model = PackedModel.Load(path);
        Assert.Equal(["disc", "ring", "square", "triangle", "cross"], model.Info.Classes);
        Assert.Equal(3, model.Info.Detector!.Levels.Count);
        Assert.Equal((2L, (double?)null), (outcome.Integers!.Agreement.Images, outcome.Integers.Agreement.SameClass));
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer });
        runner.Run(new byte[model.Graph.Input.Elements]);
        Assert.All(runner.Detections(0), box => Assert.InRange(box.Score, 0, 1));
        Assert.Equal(2, ExportRun.Execute(new ExportOptions { Model = folder.Path, Out = path, Images = 2, Dataset = "synthetic" }, cancellation: TestContext.Current.CancellationToken).Proof!.Images);
        var onnx = ExportRun.Execute(new ExportOptions { Model = folder.Path, Out = Path.Combine(folder.Path, "detector.onnx"), Format = ExportFormat.Onnx }, cancellation: TestContext.Current.CancellationToken);
        Assert.Null(onnx.Proof);
        Assert.True(onnx.Bytes > 0);
    }

    [Theory]
    [InlineData(ExportFormat.Packed)]
    [InlineData(ExportFormat.Onnx)]
    public void Execute_OnARunOfFasterRcnn_SaysWhyItIsNotExported(ExportFormat format)
    {
        using var folder = TrainFixture.Folder();
        using var setup = TrainSetup.Prepare(DetectFixture.Of(DetectorKind.FasterRcnn));
        using var network = TaskNetwork.Create(setup.Network, setup.Task);
        var (model, path) = (Path.Combine(folder.Path, "best.safetensors"), Path.Combine(folder.Path, "detector.dcpnas"));
        TrainedModel.Save(model, network, setup.Info, []);
        Assert.Equal(
            $"{model}: a detector faster_rcnn cannot be exported: it cuts regions out of its maps while it runs, for which neither packed models nor our ONNX files have a layer. "
            + "Use the checkpoint itself (dcpnas detect predict), or train a detector for devices with --detector one_stage.",
            Assert.Throws<InputException>(() => ExportRun.Execute(new ExportOptions { Model = model, Out = path, Format = format }, cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.False(File.Exists(path));
    }

    /// <summary>A detector with random weights and statistics, so that every folded number matters.</summary>
    private static (TaskNetwork Network, DetectionTask Task) Detector(NetworkDescription description, int stages, int extras, int towers)
    {
        random.manual_seed(5);
        var design = new DetectorDesign
        {
            FeatureLevels = stages,
            ExtraLevels = extras,
            NeckChannels = 7,
            HeadConvs = towers,
            Anchors = [.. Enumerable.Range(0, stages + extras).Select(level => (IReadOnlyList<AnchorSize>)[new(0.1 * (level + 1), 0.2), new(0.2, 0.15 * (level + 1))])],
        };
        var task = new DetectionTask(["a", "b", "c"], new OneStageDetector(design));
        var network = TaskNetwork.Create(description, task);
        using var _ = no_grad();
        foreach (var (name, value) in ModuleState.Of(network))
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                value.uniform_(0.5, 2);
            }
            else if (value.shape.Length == 1 && !name.EndsWith("rho", StringComparison.Ordinal))
            {
                value.add_(rand_like(value) - 0.5, 0.4);
            }
        }

        return (network, task);
    }

    private static ModelInfo Info() => new() { Producer = "test 1.0", Classes = ["a", "b", "c"] };

    private static byte[] Bytes(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
