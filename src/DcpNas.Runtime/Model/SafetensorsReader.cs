using System.Buffers.Binary;
using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>Reads a safetensors file from a source that is not trusted.</summary>
/// <remarks>
/// Nothing is believed before it is checked, and memory grows only with bytes that have really arrived: the header in steps, then the data, whose
/// length the checked header gives. The tensors must cover the data without hole or overlap, and nothing may follow them.
/// </remarks>
internal static class SafetensorsReader
{
    public const int LengthBytes = 8;
    public const string MetadataKey = "__metadata__";
    private const int FirstStep = 1 << 16;

    /// <summary>Reads everything.</summary>
    /// <returns>Metadata, tensors by name, and the data section.</returns>
    /// <exception cref="ModelFaultException">The bytes are no such file.</exception>
    public static (Dictionary<string, string> Metadata, Dictionary<string, ModelTensor> Tensors, byte[] Data) Read(Stream stream)
    {
        var prefix = ReadGrowing(stream, LengthBytes, "the header length");
        if (prefix.AsSpan().SequenceEqual("version "u8))
        {
            // As a length these bytes were 2^61: no such header, but the first word of what stands for a file that Git LFS has not fetched.
            throw new ModelFaultException("byte 0", "a model", "a pointer of Git LFS", "Its repository was cloned without Git LFS: install git-lfs, then fetch the file: git lfs pull.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is 0 or > ModelLimits.HeaderBytes)
        {
            throw new ModelFaultException("byte 0", $"a header of 1 to {ModelLimits.HeaderBytes} bytes", $"{length}");
        }

        var header = ReadGrowing(stream, (int)length, "the header");
        var (metadata, entries) = Parse(header);
        var dataLength = CheckRanges(entries);
        var data = ReadGrowing(stream, dataLength, "the tensors");
        if (stream.ReadByte() >= 0)
        {
            throw new ModelFaultException($"byte {LengthBytes + (long)length + dataLength}", "the end of the file", "more bytes");
        }

        var tensors = new Dictionary<string, ModelTensor>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            tensors.Add(entry.Name, new ModelTensor(entry.Name, entry.Type, entry.Shape, data.AsMemory((int)entry.Begin, (int)(entry.End - entry.Begin))));
        }

        return (metadata, tensors, data);
    }

    private static (Dictionary<string, string> Metadata, List<Entry> Entries) Parse(byte[] header)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        using var document = JsonDocument.Parse(header, JsonPlace.Strict);
        var root = new JsonPlace(document.RootElement, "the header");
        foreach (var (name, value) in root.Members())
        {
            if (name == MetadataKey)
            {
                var place = new JsonPlace(value, MetadataKey);
                foreach (var (key, text) in place.Members())
                {
                    metadata.Add(key, new JsonPlace(text, $"{MetadataKey}.{key}").Text());
                }
            }
            else
            {
                entries.Add(ParseEntry(name, value));
            }
        }

        return (metadata, entries);
    }

    private static Entry ParseEntry(string name, JsonElement value)
    {
        var place = new JsonPlace(value, $"tensor '{name}'");
        var members = place.Members();
        var typeName = place.Take(members, "dtype").Text();
        var type = ModelTensor.Parse(typeName) ?? throw new ModelFaultException(place.Path, $"a dtype of {ModelTensor.KnownTypes}", $"'{typeName}'");
        var sizes = place.Take(members, "shape").Items();
        var offsets = place.Take(members, "data_offsets").Items();
        place.ExpectNothingLeft(members);
        if (offsets.Count != 2 || sizes.Count is 0 or > 4)
        {
            throw new ModelFaultException(place.Path, "1 to 4 sizes and 2 offsets", $"{sizes.Count} and {offsets.Count}");
        }

        var (begin, end) = (offsets[0].Whole(0, ModelLimits.DataBytes), offsets[1].Whole(0, ModelLimits.DataBytes));
        var shape = new int[sizes.Count];
        var bytes = (long)ModelTensor.SizeOf(type);
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = (int)sizes[i].Whole(1, ModelLimits.DataBytes);
            bytes *= shape[i]; // both factors below 2^31
            if (bytes > ModelLimits.DataBytes)
            {
                throw new ModelFaultException(place.Path, $"at most {ModelLimits.DataBytes} bytes", "more");
            }
        }

        return bytes == end - begin
            ? new Entry(name, type, shape, begin, end)
            : throw new ModelFaultException(place.Path, $"data_offsets that span {bytes} bytes", $"{end - begin}");
    }

    private static int CheckRanges(List<Entry> entries)
    {
        var position = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin))
        {
            if (entry.Begin != position)
            {
                throw new ModelFaultException($"tensor '{entry.Name}'", $"data from offset {position}", $"{entry.Begin}");
            }

            position = entry.End;
        }

        return (int)position;
    }

    /// <summary>Reads so many bytes; the buffer doubles as they arrive, so that a false length costs no memory.</summary>
    private static byte[] ReadGrowing(Stream stream, int count, string what)
    {
        var buffer = new byte[int.Min(count, FirstStep)];
        var filled = 0;
        while (true)
        {
            filled += stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            if (filled < buffer.Length)
            {
                throw new ModelFaultException(what, $"{count} bytes", $"{filled}");
            }

            if (filled == count)
            {
                return buffer;
            }

            Array.Resize(ref buffer, (int)long.Min(count, 2L * filled));
        }
    }

    private readonly record struct Entry(string Name, ElementType Type, int[] Shape, long Begin, long End);
}
