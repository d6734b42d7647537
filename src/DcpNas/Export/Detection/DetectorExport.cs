using DcpNas.Data.Detection;
using DcpNas.Runs;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using DcpNas.Training;
using static TorchSharp.torch;
using ModelInfo = DcpNas.Runtime.ModelInfo;

namespace DcpNas.Export;

/// <summary>Exports a detector: makes the packed model, proves it on images, writes it; or writes it as ONNX.</summary>
internal static class DetectorExport
{
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
        var (images, indices, kind) = Open(model, options);
        packed = options.Fast ? FastMode.Give(packed, Batches(model, images, indices).Select(batch => (batch, Array.Empty<int>())), indices.Count, cancellation) : packed;
        packed = options.Compact ? packed.Compact() : packed;
        using var buffer = new MemoryStream();
        packed.Save(buffer);
        var bytes = buffer.ToArray();
        var source = $"{indices.Count} {kind} of {images.Name}";
        var proof = DetectorProof.Run(
            model.Network, task, PackedModel.Load(bytes, options.Out), Batches(model, images, indices), done => progress?.Invoke(done, indices.Count), cancellation);
        cancellation.ThrowIfCancellationRequested();
        AtomicFile.Write(options.Out, stream => stream.Write(bytes));
        return (proof, source, packed);
    }

    private static IEnumerable<Tensor> Batches(TrainedModel model, IDetectionDataset images, IReadOnlyList<int> indices)
    {
        var size = model.Info.Preprocessing;
        var loader = new DetectionLoader(images, indices, new DetectionLoaderOptions { Height = size.Height, Width = size.Width, Statistics = size.Statistics });
        foreach (var batch in loader.Epoch(0))
        {
            using var tensors = DetectionTargets.ToTensors(batch, size.Height, size.Width, null);
            yield return tensors.Images;
        }
    }

    private static (IDetectionDataset Images, IReadOnlyList<int> Indices, string Kind) Open(TrainedModel model, ExportOptions options)
    {
        if (options.Dataset is { } name)
        {
            var pair = DetectionDatasetCatalog.Open(name, options.Data, new DetectionDatasetOptions { SyntheticSide = model.Info.Preprocessing.Width });
            return (pair.Test, [.. Enumerable.Range(0, Math.Min(options.Images, pair.Test.Count))], "test images");
        }

        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model.Path))!, RunFiles.Options);
        if (!File.Exists(path))
        {
            throw new InputException($"{model.Path}: there is no {RunFiles.Options} beside it, so the images of its run are unknown. Name a data set with --dataset, and its folder with --data.");
        }

        var run = DetectOptions.Load(path);
        run = run with { Data = options.Data ?? run.Data };
        var images = run.OpenImages();
        var used = Math.Min(images.Train.Count, run.TrainImages ?? images.Train.Count);
        var (_, validation) = DetectionSubset.Split(used, run.Seed, run.ValidationShare);
        return (images.Train, [.. validation.Take(options.Images)], "validation images");
    }
}
