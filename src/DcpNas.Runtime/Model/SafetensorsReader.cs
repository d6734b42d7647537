using System.Buffers.Binary;

namespace DcpNas.Runtime.Model;

/// <summary>Reads a safetensors file from a source that is not trusted.</summary>
/// <remarks>
/// Nothing is believed before it is checked, and memory grows only with bytes that have really arrived. The tensors must cover the data without hole or
/// overlap, no key may stand twice or be unknown, and every <see cref="ModelFaultException"/> names the tensor or the byte.
/// </remarks>
internal static class SafetensorsReader
{
    private const int LeastHeader = 2; // {}
    private const int MostDimensions = 64; // as in libtorch
    private const string Data = "the tensors";
    private const int FirstStep = 1 << 16;

    /// <summary>Reads and checks the header; the stream then stands at the data.</summary>
    /// <exception cref="ModelFaultException">The bytes are no such header.</exception>
    public static SafetensorsHeader ReadHeader(Stream stream)
    {
        var prefix = ReadGrowing(stream, SafetensorsHeader.LengthBytes, "the header length");
        if (prefix.AsSpan().SequenceEqual("version "u8))
        {
            // As a length these bytes were 2^61: no such header, but the first word of what stands for a file that Git LFS has not fetched.
            throw new ModelFaultException("byte 0", "a model", "a pointer of Git LFS", "Its repository was cloned without Git LFS: install git-lfs, then fetch the file: git lfs pull.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < LeastHeader or > ModelLimits.HeaderBytes)
        {
            throw new ModelFaultException("byte 0", $"a header of {LeastHeader} to {ModelLimits.HeaderBytes} bytes", $"{length}");
        }

        var (entries, metadata) = JsonPlace.Read(ReadGrowing(stream, (int)length, "the header"), "the header", ReadMembers);
        return new SafetensorsHeader(Ordered(entries), metadata, SafetensorsHeader.LengthBytes + (long)length);
    }

    /// <summary>Reads the data after the header, and that nothing follows them.</summary>
    /// <exception cref="ModelFaultException">There are too few or too many bytes, or more than an array holds.</exception>
    public static byte[] ReadData(Stream stream, SafetensorsHeader header)
    {
        if (header.DataBytes > ModelLimits.DataBytes)
        {
            throw new ModelFaultException("the header", $"tensors of at most {ModelLimits.DataBytes} bytes", $"{header.DataBytes}");
        }

        var data = ReadGrowing(stream, (int)header.DataBytes, Data);
        return stream.ReadByte() < 0 ? data : throw MoreBytes(header);
    }

    /// <summary>Compares the header with the length of its file, for those who read the data themselves.</summary>
    /// <exception cref="ModelFaultException">There are too few or too many bytes.</exception>
    public static void ExpectLength(SafetensorsHeader header, long fileBytes)
    {
        var bytes = fileBytes - header.DataStart;
        if (bytes != header.DataBytes)
        {
            throw bytes > header.DataBytes ? MoreBytes(header) : new ModelFaultException(Data, $"{header.DataBytes} bytes", $"{bytes}");
        }
    }

    private static ModelFaultException MoreBytes(SafetensorsHeader header) =>
        new($"byte {header.DataStart + header.DataBytes}", "the end of the file", "more bytes");

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) ReadMembers(JsonPlace header)
    {
        var members = header.Members();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (members.Remove(SafetensorsHeader.MetadataKey, out var texts))
        {
            foreach (var (key, text) in new JsonPlace(texts, SafetensorsHeader.MetadataKey).Members())
            {
                metadata.Add(key, new JsonPlace(text, $"{SafetensorsHeader.MetadataKey}.{key}").Text());
            }
        }

        return ([.. members.Select(member => ReadEntry(member.Key, new JsonPlace(member.Value, $"tensor '{member.Key}'")))], metadata);
    }

    private static SafetensorsEntry ReadEntry(string name, JsonPlace place)
    {
        var members = place.Members();
        var typeName = place.Take(members, "dtype").Text();
        var type = ElementTypes.Parse(typeName) ?? throw new ModelFaultException(place.Path, $"a dtype of {ElementTypes.Known}", $"'{typeName}'");
        long[] shape = [.. place.Take(members, "shape").Items(MostDimensions).Select(size => size.Whole(0, long.MaxValue))];
        long[] offsets = [.. place.Take(members, "data_offsets").Items(2).Select(offset => offset.Whole(0, long.MaxValue))];
        place.ExpectNothingLeft(members);
        if (offsets is not [var begin, var end])
        {
            throw new ModelFaultException(place.Path, "2 data_offsets", $"{offsets.Length}");
        }

        return ByteCount(type, shape) == end - begin
            ? new SafetensorsEntry(name, type, shape, begin, end)
            : throw new ModelFaultException(place.Path, $"data_offsets that span shape [{string.Join(", ", shape)}] of {typeName}", $"{end - begin} bytes");
    }

    /// <summary>The bytes of a shape, or null where they do not fit 64 bits.</summary>
    private static long? ByteCount(ElementType type, long[] shape)
    {
        UInt128 bytes = (uint)type.Size();
        foreach (var size in shape)
        {
            bytes *= (ulong)long.Max(size, 1); // both factors below 2^63; strides count the others where one size is 0
            if (bytes > long.MaxValue)
            {
                return null;
            }
        }

        return shape.Contains(0) ? 0 : (long)bytes;
    }

    private static SafetensorsEntry[] Ordered(List<SafetensorsEntry> entries)
    {
        SafetensorsEntry[] ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        var position = 0L;
        foreach (var entry in ordered)
        {
            if (entry.Begin != position)
            {
                throw new ModelFaultException($"tensor '{entry.Name}'", $"data from offset {position}", $"{entry.Begin}");
            }

            position = entry.End;
        }

        return ordered;
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
}
