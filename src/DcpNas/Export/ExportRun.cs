using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Training;
using static TorchSharp.torch;
using ImageFit = DcpNas.Runtime.ImageFit;
using ModelInfo = DcpNas.Runtime.ModelInfo;
using PackedModel = DcpNas.Runtime.PackedModel;
using Preprocessing = DcpNas.Runtime.Preprocessing;

namespace DcpNas.Export;

/// <summary>One export from a checkpoint to a file.</summary>
public static class ExportRun
{
    /// <summary>Exports a trained network. A packed model is proven on images first, and written only if no difference was found.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told images done and images in all.</param>
    /// <param name="cancellation">Ends it; nothing is written then.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="Runtime.PackedModelException">A node cannot be computed in integers; nothing was written.</exception>
    /// <exception cref="InputException">The checkpoint cannot be used or has no form in this format, images are missing, or the file cannot be written.</exception>
    /// <exception cref="ExportMismatchException">The packed model differs from the network; nothing was written.</exception>
    public static ExportOutcome Execute(ExportOptions options, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        OutputGuard.File(options.Out, options.Model, options.Data);
        WriteProbe.File(options.Out);
        LibTorch.Load();
        using var scope = NewDisposeScope();
        using var model = TrainedModel.Load(options.Model);
        if (model.Task is DetectionTask detection)
        {
            var (report, source, written) = DetectorExport.Run(model, detection, InfoOf(model), options, progress, cancellation);
            return Outcome(report, source, written);
        }

        var head = model.Network.Head;
        if (head is not (LinearHead or EmbeddingHead))
        {
            throw new InputException($"{model.Path}: the head of the task {model.Info.Task} cannot be exported. Export a classifier or a network of embeddings.");
        }

        var backbone = model.Network.Backbone;
        if (options.Format == ExportFormat.Onnx)
        {
            cancellation.ThrowIfCancellationRequested();
            OnnxExporter.Write(backbone, head, InfoOf(model), options.Out);
            return Outcome(null, null, null);
        }

        var packed = PackedExporter.Export(backbone, head, InfoOf(model));
        using var images = ExportImages.Open(model, options);
        foreach (var mode in options.Modes(images.Count))
        {
            packed = ModeCalibration.Give(packed, mode, images.LabelledBatches(head is LinearHead), images.Count, cancellation, options.Shortcuts);
        }

        packed = options.Compact ? packed.Compact() : packed;
        var proof = PackedExportFile.ProveAndWrite(
            backbone, head, packed, images.Batches(), options.Out, done => progress?.Invoke(done, images.Count), cancellation);
        return Outcome(proof, images.Source, packed);

        ExportOutcome Outcome(ProofReport? report, string? source, PackedModel? written) =>
            new(model.Path, options.Out, options.Format, new FileInfo(options.Out).Length, report, source, written?.Info.FixedPoint, written?.Info.Integers);
    }

    private static ModelInfo InfoOf(TrainedModel model)
    {
        var images = model.Info.Preprocessing;
        return new ModelInfo
        {
            Producer = $"dcpnas {typeof(ExportRun).Assembly.GetName().Version!.ToString(3)}",
            Network = new ExportedNetwork(model.Info.Network, model.Task).ToJson(),
            Classes = model.Info.ClassNames,
            Preprocessing = new Preprocessing(images.Statistics.Mean, images.Statistics.StandardDeviation, images.ResizeTo) { Fit = images.Stretch ? ImageFit.Stretch : ImageFit.Crop },
        };
    }
}
