using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>Writes packed models, but only proven ones.</summary>
public static class PackedExportFile
{
    /// <summary>Proves a model and writes it. The proof runs on the very bytes that are written, read back.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="head">Its head.</param>
    /// <param name="model">The model made of them.</param>
    /// <param name="images">Batches <c>[N, C, H, W]</c>, normalised.</param>
    /// <param name="path">The file, in a folder that exists; complete or untouched.</param>
    /// <param name="progress">Told the number of images so far.</param>
    /// <param name="cancellation">Ends the proof; nothing is written then.</param>
    /// <exception cref="ExportMismatchException">They differ; nothing was written.</exception>
    /// <exception cref="InputException">There is no image, or the file cannot be written.</exception>
    public static ProofReport ProveAndWrite(
        Backbone backbone, TaskHead head, PackedModel model, IEnumerable<Tensor> images, string path, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var buffer = new MemoryStream();
        model.Save(buffer);
        var bytes = buffer.ToArray();
        var report = ExportProof.Run(backbone, head, PackedModel.Load(bytes, path), images, progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return report;
    }
}
