using System.Buffers.Binary;
using System.IO.Compression;

namespace DcpNas.Data;

/// <summary>An IDX file of unsigned bytes, the format of MNIST, plain or compressed with gzip.</summary>
/// <remarks>
/// Bytes 0 and 1 are 0, byte 2 is the element type (8: unsigned byte), byte 3 the number of dimensions; then one big-endian 32-bit size per
/// dimension and the elements, last dimension fastest. Source: http://yann.lecun.com/exdb/mnist/.
/// </remarks>
internal sealed class IdxFile
{
    private const string Remedy = "Download the file again.";

    private IdxFile(string path, int[] sizes, byte[] bytes)
    {
        Path = path;
        Sizes = sizes;
        Bytes = bytes;
    }

    public string Path { get; }

    /// <summary>Size of each dimension, outermost first.</summary>
    public int[] Sizes { get; }

    /// <summary>The whole uncompressed file; its checksum is the published one.</summary>
    public byte[] Bytes { get; }

    /// <summary>The elements.</summary>
    public ReadOnlySpan<byte> Elements => Bytes.AsSpan(4 + (4 * Sizes.Length));

    /// <summary>Reads a file of the given number of dimensions.</summary>
    /// <exception cref="InputException">The file is not such a file or is truncated.</exception>
    public static IdxFile Read(string path, int dimensions)
    {
        var bytes = ReadBytes(path);
        var header = 4 + (4 * dimensions);
        if (bytes.Length < header)
        {
            throw InputException.InFile(path, "byte 0", $"a header of {header} bytes", $"a file of {bytes.Length} bytes", Remedy);
        }

        var magic = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (magic != 0x0800 + dimensions)
        {
            throw InputException.InFile(path, "byte 0", $"the magic number 0x{0x0800 + dimensions:x8} ({dimensions}-dimensional bytes)", $"0x{magic:x8}", Remedy);
        }

        var sizes = new int[dimensions];
        long expected = header;
        long elements = 1;
        for (var i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 + (4 * i)));
            if (sizes[i] < 1)
            {
                throw InputException.InFile(path, $"byte {4 + (4 * i)}", "a size of at least 1", $"{sizes[i]}", Remedy);
            }

            elements = long.Min(elements * sizes[i], int.MaxValue);
        }

        expected += elements;
        return bytes.Length == expected
            ? new IdxFile(path, sizes, bytes)
            : throw InputException.InFile(path, "its end", $"{expected} bytes for {string.Join(" x ", sizes)} elements", $"{bytes.Length} bytes", Remedy);
    }

    private static byte[] ReadBytes(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return DataFile.ReadAllBytes(path);
        }

        using var buffer = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(DataFile.ReadAllBytes(path)), CompressionMode.Decompress);
            gzip.CopyTo(buffer);
        }
        catch (InvalidDataException error)
        {
            throw InputException.InFile(path, $"uncompressed byte {buffer.Length}", "gzip data", "damaged data", Remedy, error);
        }

        return buffer.ToArray();
    }
}
