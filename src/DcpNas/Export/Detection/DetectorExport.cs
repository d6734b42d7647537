using DcpNas.Data.Detection;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using DcpNas.Training;
using static TorchSharp.torch;
using ModelInfo = DcpNas.Runtime.ModelInfo;

namespace DcpNas.Export;

/// <summary>Exports a detector: makes the packed model, proves it on images, writes it; or writes it as ONNX.</summary>
internal static class DetectorExport
{
    private const int BatchSize = 16;

    /// <summary>Writes the file, if no difference was found.</summary>
    /// <returns>What was compared, on which images, and what was written; nulls where the format has no proof.</returns>
    /// <exception cref="InputException">Detector or images cannot be used, or a parameter is not finite.</exception>
    /// <exception cref="ExportMismatchException">The packed model differs; nothing was written.</exception>
    public static (ProofReport? Proof, string? Source, PackedModel? Model) Run(
        TrainedModel model, DetectionTask task, ModelInfo info, ExportOptions options, Action<long, long>? progress, CancellationToken cancellation)
    {
        _ = DetectorExporter.DetectorOf(task, model.Path);
        if (options.Format == ExportFormat.Onnx)
        {
            cancellation.ThrowIfCancellationRequested();
            OnnxExporter.Write(model.Network.Backbone, model.Network.Head, info, options.Out);
            return (null, null, null);
        }

        var packed = DetectorExporter.Export(model.Network, task, info);
        var split = Images(model, options);
        var count = split.Indices.Count;
        foreach (var mode in options.Modes(count))
        {
            packed = ModeCalibration.Give(packed, mode, Batches(model, split).Select(batch => (batch, Array.Empty<int>())), count, cancellation, options.Shortcuts);
        }

        packed = options.Compact ? packed.Compact() : packed;
        var network = model.Network;
        var proof = PackedExportFile.ProveAndWrite(
            network.Backbone, network.Head, packed, Batches(model, split), options.Out, done => progress?.Invoke(done, count), cancellation);
        return (proof, $"{count} {split.Kind} of {split.Images.Name}", packed);
    }

    /// <summary>Of the data of a run what was held out, of other data test images.</summary>
    internal static ImageSplit<IDetectionDataset> Images(TrainedModel model, ExportOptions options)
    {
        var data = ModelData.NamedOrThatOfRun<DetectOptions>(model, options.Dataset, options.Data);
        var split = data.Options.OpenSplits().Split(data.IsThatOfRun ? SplitNames.Valid : SplitNames.Test);
        return split.First(Math.Min(options.Images, split.Indices.Count), split.Images.Name);
    }

    private static IEnumerable<Tensor> Batches(TrainedModel model, ImageSplit<IDetectionDataset> split)
    {
        foreach (var batch in DetectionImages.Batches(split, model.Info.Preprocessing, BatchSize, null))
        {
            using var taken = batch;
            yield return batch.Images;
        }
    }
}
