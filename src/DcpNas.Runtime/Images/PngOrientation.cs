using System.Buffers.Binary;

namespace DcpNas.Runtime;

/// <summary>The EXIF orientation of a PNG file (chunk eXIf), which decoders leave out, also those that read the orientation of JPEG and WebP files.</summary>
public static class PngOrientation
{
    private const int HeaderBytes = 8; // of the file, and of a chunk: its length and its name
    private const int ChecksumBytes = 4;
    private const int MostExifBytes = 1 << 20;
    private const int EntryBytes = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Finds the orientation; <see cref="ImageOrientation.TopLeft"/> where the file states none that is known, is damaged or no PNG.</summary>
    /// <remarks>The headers of chunks are read, and at most 1 MiB of eXIf: nothing that the file says takes more memory or ends in an exception.</remarks>
    /// <param name="stream">A whole file, seekable; its position changes.</param>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    public static ImageOrientation Of(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> header = stackalloc byte[HeaderBytes];
        stream.Position = 0;
        if (!ReadHeader(stream, header) || !header.SequenceEqual(Signature))
        {
            return ImageOrientation.TopLeft;
        }

        while (ReadHeader(stream, header))
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (header[4..].SequenceEqual("eXIf"u8))
            {
                var exif = new byte[Math.Min(length, MostExifBytes)];
                return InTiff(exif.AsSpan(0, stream.ReadAtLeast(exif, exif.Length, throwOnEndOfStream: false)));
            }

            stream.Position = Math.Min(stream.Position + length + ChecksumBytes, stream.Length);
        }

        return ImageOrientation.TopLeft;
    }

    private static bool ReadHeader(Stream stream, Span<byte> header) => stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes;

    /// <summary>The orientation among the entries of the first directory.</summary>
    private static ImageOrientation InTiff(ReadOnlySpan<byte> tiff)
    {
        var isLittle = tiff.StartsWith("II"u8);
        if (tiff.Length < HeaderBytes || (!isLittle && !tiff.StartsWith("MM"u8)))
        {
            return ImageOrientation.TopLeft;
        }

        var start = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        for (var entry = start + 2L; start + 2L <= tiff.Length && entry < start + 2L + (Short(tiff, (int)start, isLittle) * EntryBytes) && entry + EntryBytes <= tiff.Length; entry += EntryBytes)
        {
            if (Short(tiff, (int)entry, isLittle) == OrientationTag && Short(tiff, (int)entry + 2, isLittle) == ShortType)
            {
                return Short(tiff, (int)entry + 8, isLittle) is var value and >= 1 and <= 8 ? (ImageOrientation)value : ImageOrientation.TopLeft;
            }
        }

        return ImageOrientation.TopLeft;
    }

    private static ushort Short(ReadOnlySpan<byte> tiff, int place, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[place..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[place..]);
}
