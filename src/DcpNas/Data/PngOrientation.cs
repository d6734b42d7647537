using System.Buffers.Binary;
using SkiaSharp;

namespace DcpNas.Data;

/// <summary>The EXIF orientation of a PNG file (chunk eXIf), which the decoder leaves out.</summary>
internal static class PngOrientation
{
    private const int HeaderBytes = 8; // of the file, and of a chunk: its length and its name
    private const int ChecksumBytes = 4;
    private const int MostExifBytes = 1 << 20;
    private const int EntryBytes = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Finds the orientation; upright where the file does not state one that is known.</summary>
    /// <param name="stream">A PNG file; its position changes.</param>
    public static SKEncodedOrigin Of(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        stream.Position = HeaderBytes;
        while (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (header[4..].SequenceEqual("eXIf"u8))
            {
                var exif = new byte[Math.Min(length, MostExifBytes)];
                return InTiff(exif.AsSpan(0, stream.ReadAtLeast(exif, exif.Length, throwOnEndOfStream: false)));
            }

            stream.Position += length + ChecksumBytes;
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>The orientation among the entries of the first directory.</summary>
    private static SKEncodedOrigin InTiff(ReadOnlySpan<byte> tiff)
    {
        var isLittle = tiff.StartsWith("II"u8);
        if (tiff.Length < HeaderBytes || (!isLittle && !tiff.StartsWith("MM"u8)))
        {
            return SKEncodedOrigin.TopLeft;
        }

        var start = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        for (var entry = start + 2L; start + 2L <= tiff.Length && entry < start + 2L + (Short(tiff, (int)start, isLittle) * EntryBytes) && entry + EntryBytes <= tiff.Length; entry += EntryBytes)
        {
            if (Short(tiff, (int)entry, isLittle) == OrientationTag && Short(tiff, (int)entry + 2, isLittle) == ShortType)
            {
                return Short(tiff, (int)entry + 8, isLittle) is var value and >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
            }
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Short(ReadOnlySpan<byte> tiff, int place, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[place..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[place..]);
}
