using System.Buffers.Binary;
using SkiaSharp;

namespace DcpNas.Tests.Data;

/// <summary>Images with an orientation in their EXIF, as cameras write them.</summary>
internal static class OrientedImages
{
    /// <summary>A picture of which every pixel has another colour.</summary>
    public static SKBitmap Paint(int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < width * height; i++)
        {
            bitmap.SetPixel(i % width, i / width, new SKColor((byte)(40 + (i % width * 160 / width)), (byte)(40 + (i / width * 160 / height)), 90));
        }

        return bitmap;
    }

    /// <summary>The pixels that a camera stores for an upright picture, by the definition of the tag: where row 0 and column 0 of the file lie in the picture.</summary>
    public static SKBitmap Store(SKBitmap upright, int orientation)
    {
        var (w, h) = (upright.Width, upright.Height);
        var stored = new SKBitmap(orientation >= 5 ? upright.Info.WithSize(h, w) : upright.Info);
        for (var row = 0; row < stored.Height; row++)
        {
            for (var column = 0; column < stored.Width; column++)
            {
                var (x, y) = orientation switch
                {
                    1 => (column, row), // row 0 at the top, column 0 at the left
                    2 => (w - 1 - column, row), // top, right
                    3 => (w - 1 - column, h - 1 - row), // bottom, right
                    4 => (column, h - 1 - row), // bottom, left
                    5 => (row, column), // left, top
                    6 => (w - 1 - row, column), // right, top
                    7 => (w - 1 - row, h - 1 - column), // right, bottom
                    _ => (row, h - 1 - column), // left, bottom
                };
                stored.SetPixel(column, row, upright.GetPixel(x, y));
            }
        }

        return stored;
    }

    /// <summary>An encoded file with the tag.</summary>
    public static byte[] Encode(SKBitmap stored, int orientation, SKEncodedImageFormat format)
    {
        using var data = stored.Encode(format, 100);
        var file = data.ToArray();
        byte[] tiff = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0]; // big-endian, one entry
        return format switch
        {
            SKEncodedImageFormat.Jpeg => [.. file[..2], 0xFF, 0xE1, 0, (byte)(tiff.Length + 8), .. "Exif\0\0"u8, .. tiff, .. file[2..]],
            SKEncodedImageFormat.Png => [.. file[..33], .. PngChunk("eXIf"u8, tiff), .. file[33..]],
            _ => Webp(file, tiff, stored.Width, stored.Height),
        };
    }

    /// <summary>The checksum of a PNG chunk, over its name and content.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    private static byte[] PngChunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, (byte)content.Length, .. name, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    private static byte[] Webp(byte[] simple, byte[] tiff, int width, int height)
    {
        var frame = simple[12..];
        byte[] header = [.. "VP8X"u8, 10, 0, 0, 0, 0x08, 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0]; // a canvas with EXIF, sizes below 256
        byte[] exif = [.. "EXIF"u8, (byte)tiff.Length, 0, 0, 0, .. tiff];
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. header, .. frame, .. exif];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }
}
