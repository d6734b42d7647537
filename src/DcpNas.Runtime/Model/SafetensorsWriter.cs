using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>Writes a safetensors file; the same tensors and metadata always give the same bytes.</summary>
internal static class SafetensorsWriter
{
    // Relaxed: text inside of JSON inside of JSON stays readable. Nothing here goes into a web page.
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Orders tensors as the data section holds them: by element size, largest first, so that each is aligned; then by name.</summary>
    public static List<ModelTensor> Arrange(IEnumerable<ModelTensor> tensors) =>
        [.. tensors.OrderByDescending(tensor => ModelTensor.SizeOf(tensor.Type)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];

    /// <summary>Writes the file.</summary>
    /// <param name="stream">The target.</param>
    /// <param name="tensors">Arranged.</param>
    /// <param name="metadata">In the order in which they are written.</param>
    public static void Write(Stream stream, IReadOnlyList<ModelTensor> tensors, params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        var header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[SafetensorsReader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            stream.Write(tensor.Data.Span);
        }
    }

    private static byte[] Header(IReadOnlyList<ModelTensor> tensors, ReadOnlySpan<(string Key, string Value)> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsReader.MetadataKey);
            foreach (var (key, value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            var position = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", ModelTensor.NameOf(tensor.Type));
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(position);
                json.WriteNumberValue(position += tensor.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while ((SafetensorsReader.LengthBytes + buffer.Length) % 8 != 0)
        {
            buffer.WriteByte((byte)' '); // the data begin at a multiple of 8, as the reference implementation writes them
        }

        return buffer.ToArray();
    }
}
