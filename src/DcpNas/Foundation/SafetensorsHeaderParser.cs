using System.Text;
using System.Text.Json;

namespace DcpNas.Foundation;

/// <summary>Reads the JSON header of a safetensors file strictly; every error names the byte of the file.</summary>
internal sealed class SafetensorsHeaderParser(string path)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public List<(SafetensorsEntry Entry, long Position)> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public void Parse(byte[] json)
    {
        try
        {
            StrictUtf8.GetCharCount(json);
        }
        catch (DecoderFallbackException error)
        {
            throw SafetensorsHeader.Damaged(path, SafetensorsHeader.LengthBytes + error.Index, "a header in UTF-8", "invalid bytes", error);
        }

        var reader = new Utf8JsonReader(json);
        try
        {
            ParseObject(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw SafetensorsHeader.Damaged(path, SafetensorsHeader.LengthBytes + reader.BytesConsumed, "a JSON header", "broken JSON", error);
        }
    }

    private void ParseObject(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "an object");
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (NextName(ref reader, out var name))
        {
            if (!names.Add(name))
            {
                throw At(ref reader, "each tensor once", $"'{name}' again");
            }

            if (name == SafetensorsHeader.MetadataKey)
            {
                ParseMetadata(ref reader);
            }
            else
            {
                ParseEntry(ref reader, name);
            }
        }

        if (reader.Read())
        {
            throw At(ref reader, "the end of the header", "more JSON");
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "an object of strings");
        while (NextName(ref reader, out var key))
        {
            Expect(ref reader, JsonTokenType.String, $"a string for metadata '{key}'");
            if (!Metadata.TryAdd(key, reader.GetString()!))
            {
                throw At(ref reader, "each metadata key once", $"'{key}' again");
            }
        }
    }

    private void ParseEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, $"the description of tensor '{name}'");
        var position = SafetensorsHeader.LengthBytes + reader.TokenStartIndex;
        string? type = null;
        List<long>? shape = null, offsets = null;
        while (NextName(ref reader, out var key))
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, "a dtype");
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ParseSizes(ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseSizes(ref reader);
                    break;
                default:
                    throw At(ref reader, "dtype, shape and data_offsets, each once", $"'{key}' in tensor '{name}'");
            }
        }

        if (SafetensorsTypes.Parse(type) is not var (scalarType, elementSize))
        {
            throw SafetensorsHeader.Damaged(path, position, $"a dtype of {SafetensorsTypes.Known} for tensor '{name}'", type ?? "none");
        }

        if (shape is null || offsets is not [var begin, var end] || end < begin)
        {
            throw SafetensorsHeader.Damaged(path, position, $"a shape and two rising data_offsets for tensor '{name}'", "something else");
        }

        if (ByteCount(shape, elementSize) is not { } bytes || bytes != end - begin)
        {
            throw SafetensorsHeader.Damaged(
                path, position, $"data_offsets that span shape [{string.Join(", ", shape)}] of {type} for tensor '{name}'", $"{end - begin} bytes");
        }

        Entries.Add((new SafetensorsEntry(name, scalarType, shape, begin, end), position));
    }

    /// <summary>The bytes of a shape, or null where they do not fit 64 bits.</summary>
    private static long? ByteCount(List<long> shape, int elementSize)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        UInt128 bytes = (uint)elementSize;
        foreach (var size in shape)
        {
            bytes *= (ulong)size;
            if (bytes > long.MaxValue)
            {
                return null;
            }
        }

        return (long)bytes;
    }

    private List<long> ParseSizes(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray, "an array of sizes");
        var sizes = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var size) || size < 0)
            {
                throw At(ref reader, "a whole number from 0", "something else");
            }

            sizes.Add(size);
        }

        return sizes;
    }

    private static bool NextName(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        name = reader.GetString()!; // inside an object the reader itself accepts nothing but a name here
        return true;
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string expected)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw At(ref reader, expected, $"{reader.TokenType}");
        }
    }

    private InputException At(ref Utf8JsonReader reader, string expected, string found) =>
        SafetensorsHeader.Damaged(path, SafetensorsHeader.LengthBytes + reader.TokenStartIndex, expected, found);
}
