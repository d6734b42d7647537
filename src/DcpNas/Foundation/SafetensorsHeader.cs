using System.Buffers.Binary;
using System.Text.Json;

namespace DcpNas.Foundation;

/// <summary>The header of a safetensors file: which tensors lie where, and the metadata.</summary>
/// <remarks>
/// Format (https://github.com/huggingface/safetensors): 8 bytes little-endian header length, a JSON object, then the raw little-endian
/// tensors. Checked before any tensor is allocated: the lengths against the file, the JSON against the format, and that the byte ranges
/// cover the data without hole or overlap, so a damaged file can neither be read wrongly nor ask for more memory than it is long.
/// </remarks>
public sealed class SafetensorsHeader
{
    /// <summary>The largest header that the reference implementation accepts, in bytes.</summary>
    public const int MaximumLength = 100_000_000;

    internal const int LengthBytes = 8;
    internal const string MetadataKey = "__metadata__";

    internal SafetensorsHeader(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata, long dataStart)
    {
        Entries = entries;
        Metadata = metadata;
        DataStart = dataStart;
    }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The metadata, empty if the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The byte of the file at which the data begin.</summary>
    public long DataStart { get; }

    /// <summary>Reads and checks the header of a file; touches no tensor data.</summary>
    /// <exception cref="InputException">The file cannot be opened or is not a whole safetensors file.</exception>
    public static SafetensorsHeader Read(string path)
    {
        using var stream = InputFile.OpenRead(path);
        return Read(path, stream);
    }

    internal static SafetensorsHeader Read(string path, FileStream stream)
    {
        var fileLength = stream.Length;
        if (fileLength < LengthBytes)
        {
            throw Damaged(path, 0, "an 8-byte header length", $"a file of {fileLength} bytes");
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.Position = 0;
        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var limit = Math.Min((ulong)MaximumLength, (ulong)(fileLength - LengthBytes));
        if (headerLength < 2 || headerLength > limit)
        {
            throw Damaged(path, 0, $"a header length of 2 to {limit}", $"{headerLength}");
        }

        var json = new byte[headerLength];
        stream.ReadExactly(json);
        var dataStart = LengthBytes + (long)headerLength;
        var parser = new SafetensorsHeaderParser(path);
        parser.Parse(json);
        CheckRanges(path, parser.Entries, dataStart, fileLength - dataStart);
        return new SafetensorsHeader([.. parser.Entries.Select(found => found.Entry)], parser.Metadata, dataStart);
    }

    internal static InputException Damaged(string path, long position, string expected, string found, Exception? inner = null) =>
        InputException.InFile(path, $"byte {position}", expected, found, "The file is damaged or is not a safetensors file; use another copy.", inner);

    private static void CheckRanges(string path, List<(SafetensorsEntry Entry, long Position)> entries, long dataStart, long dataLength)
    {
        entries.Sort((a, b) => (a.Entry.Begin, a.Entry.End).CompareTo((b.Entry.Begin, b.Entry.End)));
        var position = 0L;
        foreach (var (entry, place) in entries)
        {
            if (entry.Begin != position)
            {
                throw Damaged(path, place, $"the data of '{entry.Name}' to begin at offset {position}", $"{entry.Begin}");
            }

            if (entry.End > dataLength)
            {
                throw Damaged(path, place, $"the data of '{entry.Name}' to end within the {dataLength} bytes of data", $"offset {entry.End}");
            }

            position = entry.End;
        }

        if (position != dataLength)
        {
            throw Damaged(path, dataStart + position, "the end of the file", $"{dataLength - position} more bytes");
        }
    }

    internal static byte[] Serialize(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata.Count > 0)
            {
                writer.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            foreach (var entry in entries)
            {
                writer.WriteStartObject(entry.Name);
                writer.WriteString("dtype", SafetensorsTypes.Of(entry.Type, entry.Name).Name);
                writer.WriteStartArray("shape");
                foreach (var size in entry.Shape)
                {
                    writer.WriteNumberValue(size);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(entry.Begin);
                writer.WriteNumberValue(entry.End);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while ((LengthBytes + buffer.Length) % 8 != 0)
        {
            buffer.WriteByte((byte)' '); // the data begin at a multiple of 8, as the reference implementation writes them
        }

        return buffer.ToArray();
    }
}
