using System.Runtime.InteropServices;
using System.Text;
using DcpNas.Data;
using DcpNas.Runs;
using static TorchSharp.torch;

namespace DcpNas.Assessment;

/// <summary>Writes the pooled features of images as a safetensors file, batch by batch: memory does not grow with the number of images.</summary>
/// <remarks>
/// Tensors: <c>features</c> F32 <c>[N, F]</c>; <c>labels</c> I64 <c>[N]</c>; <c>names</c> U8 and <c>name_offsets</c> I64 <c>[N + 1]</c>, where the name of image
/// i is the UTF-8 text of the bytes from offset i to offset i + 1. Rows follow the order of the images. Metadata: <c>kind</c> = "features", <c>dataset</c>,
/// <c>split</c>, <c>model</c>.
/// </remarks>
public static class FeatureFile
{
    /// <summary>The names of the tensors.</summary>
    public const string Features = "features", Labels = "labels", Names = "names", NameOffsets = "name_offsets";

    /// <summary>Writes the file; it takes its name when it is whole.</summary>
    /// <param name="path">The target.</param>
    /// <param name="images">The images.</param>
    /// <param name="indices">Which of them, in the order of the rows.</param>
    /// <param name="featureCount">F.</param>
    /// <param name="batches">Features <c>[n, F]</c> of one batch after the other, float32, on any device; the caller keeps them.</param>
    /// <param name="metadata">Free strings.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(
        string path, IImageDataset images, IReadOnlyList<int> indices, int featureCount, IEnumerable<Tensor> batches, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(batches);
        var nameBytes = indices.Sum(index => (long)Encoding.UTF8.GetByteCount(images.ImageName(index)));
        SafetensorsWriter.Write(
            path,
            [
                (Features, ScalarType.Float32, [indices.Count, featureCount]), (Labels, ScalarType.Int64, [indices.Count]),
                (NameOffsets, ScalarType.Int64, [indices.Count + 1]), (Names, ScalarType.Byte, [nameBytes]),
            ],
            metadata,
            writer =>
            {
                WriteNames(writer, images, indices);
                foreach (var batch in batches)
                {
                    ShapeException.ThrowIfNot(batch, "features", -1, featureCount);
                    using var scope = NewDisposeScope();
                    var rows = batch.detach().to(ScalarType.Float32).cpu().contiguous();
                    writer.Append(Features, rows.bytes);
                    GC.KeepAlive(rows); // the span does not hold the tensor
                }
            });
    }

    // Tensor after tensor, because a change of place in the file costs a call to the system.
    private static void WriteNames(SafetensorsWriter writer, IImageDataset images, IReadOnlyList<int> indices)
    {
        foreach (var index in indices)
        {
            Append(Labels, images.Label(index));
        }

        var offset = 0L;
        Append(NameOffsets, offset);
        foreach (var index in indices)
        {
            offset += Encoding.UTF8.GetByteCount(images.ImageName(index));
            Append(NameOffsets, offset);
        }

        foreach (var index in indices)
        {
            writer.Append(Names, Encoding.UTF8.GetBytes(images.ImageName(index)));
        }

        void Append(string name, long value) => writer.Append(name, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));
    }
}
