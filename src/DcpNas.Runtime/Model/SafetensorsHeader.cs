using System.Buffers.Binary;
using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>One tensor in the header of a safetensors file.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">One size per dimension; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte, counted likewise.</param>
internal sealed record SafetensorsEntry(string Name, ElementType Type, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>The header of a safetensors file (https://github.com/huggingface/safetensors): which tensors lie where, and the metadata.</summary>
/// <remarks>
/// Format: the length of the header (8 bytes, little-endian), a JSON object, then the raw little-endian tensors. <see cref="SafetensorsReader"/> reads it; packed models,
/// checkpoints and files of features are all read and written through this pair.
/// </remarks>
/// <param name="entries">The tensors, in the order of their bytes, without hole or overlap.</param>
/// <param name="metadata">The metadata, empty if the file has none.</param>
/// <param name="dataStart">The byte of the file at which the data begin.</param>
internal sealed class SafetensorsHeader(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata, long dataStart)
{
    public const int LengthBytes = 8;
    public const string MetadataKey = "__metadata__";

    public IReadOnlyList<SafetensorsEntry> Entries { get; } = entries;

    public IReadOnlyDictionary<string, string> Metadata { get; } = metadata;

    public long DataStart { get; } = dataStart;

    /// <summary>Bytes of all tensors.</summary>
    public long DataBytes => Entries.Count == 0 ? 0 : Entries[^1].End;

    /// <summary>Gives tensors their places: by element size, largest first, so that each is aligned; then by name.</summary>
    /// <exception cref="ArgumentException">A tensor has the name that the format reserves.</exception>
    /// <exception cref="OverflowException">There are more than 2^63 bytes.</exception>
    public static List<SafetensorsEntry> Arrange(IEnumerable<(string Name, ElementType Type, IReadOnlyList<long> Shape)> tensors)
    {
        var entries = new List<SafetensorsEntry>();
        var position = 0L;
        foreach (var (name, type, shape) in tensors.OrderByDescending(tensor => tensor.Type.Size()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            if (name == MetadataKey)
            {
                throw new ArgumentException($"A tensor name must not be '{name}', which the format reserves.", nameof(tensors));
            }

            var end = checked(position + shape.Aggregate((long)type.Size(), (bytes, size) => checked(bytes * size)));
            entries.Add(new SafetensorsEntry(name, type, shape, position, end));
            position = end;
        }

        return entries;
    }

    /// <summary>Writes what stands before the data; the same entries and metadata always give the same bytes.</summary>
    /// <param name="stream">The target.</param>
    /// <param name="entries">The tensors as <see cref="Arrange"/> places them.</param>
    /// <param name="metadata">Keys and texts, in the order in which they are written.</param>
    /// <param name="options">How text is escaped.</param>
    /// <returns>The bytes that were written: where the data begin.</returns>
    public static long Write(
        Stream stream, IEnumerable<SafetensorsEntry> entries, IReadOnlyCollection<KeyValuePair<string, string>> metadata, JsonWriterOptions options = default)
    {
        using var buffer = new MemoryStream();
        buffer.Position = LengthBytes;
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach (var entry in entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type.Name());
                WriteNumbers(json, "shape", entry.Shape);
                WriteNumbers(json, "data_offsets", [entry.Begin, entry.End]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' '); // the data begin at a multiple of 8, as the reference implementation writes them
        }

        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetBuffer(), buffer.Length - LengthBytes);
        buffer.WriteTo(stream);
        return buffer.Length;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
