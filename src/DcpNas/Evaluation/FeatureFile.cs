using System.Runtime.InteropServices;
using System.Text;
using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using static TorchSharp.torch;

namespace DcpNas.Evaluation;

/// <summary>Writes features of images as a safetensors file, batch by batch: memory does not grow with the number of images.</summary>
/// <remarks>
/// Tensors: <c>features</c> F32 <c>[N, F]</c>; <c>names</c> U8 and <c>name_offsets</c> I64 <c>[N + 1]</c>, where the name of image i is the UTF-8 text of the bytes
/// from offset i to offset i + 1. Of labelled images <c>labels</c> I64 <c>[N]</c>, and their names likewise in <c>class_names</c> and <c>class_name_offsets</c>. Of persons
/// <c>identities</c>, <c>cameras</c> and <c>parts</c> (0 query, 1 gallery), each I64 <c>[N]</c>. Rows follow the order of the images. Metadata: <c>kind</c> = "features",
/// <c>dataset</c>, <c>split</c>, <c>model</c>.
/// </remarks>
public static class FeatureFile
{
    /// <summary>The names of the tensors.</summary>
    public const string Features = "features", Labels = "labels", Names = "names", NameOffsets = "name_offsets", ClassNames = "class_names", ClassNameOffsets = "class_name_offsets",
        Identities = "identities", Cameras = "cameras", Parts = "parts";

    /// <summary>Writes the features of labelled images; the file takes its name when it is whole.</summary>
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
        Write(
            path,
            indices.Count,
            featureCount,
            batches,
            [(Labels, index => images.Label(indices[index]))],
            [(Names, NameOffsets, [.. indices.Select(images.ImageName)]), (ClassNames, ClassNameOffsets, images.ClassNames)],
            metadata);
    }

    /// <summary>Writes the embeddings of persons, those of the queries first.</summary>
    /// <inheritdoc cref="Write(string, IImageDataset, IReadOnlyList{int}, int, IEnumerable{Tensor}, IReadOnlyDictionary{string, string})"/>
    /// <param name="path">The target.</param>
    /// <param name="query">The images that are asked for.</param>
    /// <param name="gallery">The images that are ranked.</param>
    /// <param name="featureCount">F.</param>
    /// <param name="batches">Embeddings of one batch after the other.</param>
    /// <param name="metadata">Free strings.</param>
    public static void Write(
        string path, IPersonImages query, IPersonImages gallery, int featureCount, IEnumerable<Tensor> batches, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(batches);
        Write(
            path,
            query.Count + gallery.Count,
            featureCount,
            batches,
            [
                (Identities, row => At(row, (images, index) => images.Identity(index))),
                (Cameras, row => At(row, (images, index) => images.Camera(index))),
                (Parts, row => row < query.Count ? 0 : 1),
            ],
            [(Names, NameOffsets, [.. Enumerable.Range(0, query.Count).Select(query.ImageName), .. Enumerable.Range(0, gallery.Count).Select(gallery.ImageName)])],
            metadata);

        long At(int row, Func<IPersonImages, int, int> number) => row < query.Count ? number(query, row) : number(gallery, row - query.Count);
    }

    private static void Write(
        string path, int count, int featureCount, IEnumerable<Tensor> batches, (string Name, Func<int, long> At)[] numbers,
        (string Name, string Offsets, IReadOnlyList<string> Values)[] texts, IReadOnlyDictionary<string, string> metadata)
    {
        // Tensor after tensor, because a change of place in the file costs a call to the system.
        SafetensorsWriter.Write(
            path,
            [
                (Features, ScalarType.Float32, [count, featureCount]),
                .. numbers.Select(one => (one.Name, ScalarType.Int64, (long[])[count])),
                .. texts.SelectMany(text => ((string, ScalarType, long[])[])
                [
                    (text.Offsets, ScalarType.Int64, [text.Values.Count + 1]),
                    (text.Name, ScalarType.Byte, [text.Values.Sum(value => (long)Encoding.UTF8.GetByteCount(value))]),
                ]),
            ],
            metadata,
            writer =>
            {
                foreach (var (name, at) in numbers)
                {
                    for (var row = 0; row < count; row++)
                    {
                        Append(writer, name, at(row));
                    }
                }

                foreach (var (name, offsets, values) in texts)
                {
                    WriteTexts(writer, name, offsets, values);
                }

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

    private static void WriteTexts(SafetensorsWriter writer, string name, string offsets, IReadOnlyList<string> values)
    {
        var offset = 0L;
        Append(writer, offsets, offset);
        foreach (var value in values)
        {
            offset += Encoding.UTF8.GetByteCount(value);
            Append(writer, offsets, offset);
        }

        foreach (var value in values)
        {
            writer.Append(name, Encoding.UTF8.GetBytes(value));
        }
    }

    private static void Append(SafetensorsWriter writer, string name, long value) => writer.Append(name, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));
}
