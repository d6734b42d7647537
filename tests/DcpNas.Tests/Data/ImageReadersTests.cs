using System.Buffers.Binary;
using System.IO.Compression;
using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;
using SkiaSharp;

namespace DcpNas.Tests.Data;

/// <summary>Whoever reads an image file, for training, evaluation or use, sees the same pixels of it.</summary>
public sealed class ImageReadersTests : IDisposable
{
    private const int Side = 16, Plane = Side * Side;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("turned by its tag 6")]
    [InlineData("16 bits")]
    [InlineData("a palette")]
    public void Read_OfAnUnusualFile_GivesEveryReaderItsPixels(string kind)
    {
        using var picture = OrientedImages.Paint(Side, Side);
        var path = _folder.Write(Encode(picture, kind), "set", "image.png");
        byte[] expected = [.. picture.Pixels.SelectMany(pixel => (byte[])[pixel.Red, pixel.Green, pixel.Blue])];
        var classes = new ImageFolderDataset("set", ["a"], [path], [0], Side, Side, 0);
        var persons = new PersonFiles("set", [new PersonFile(path, 1, 1)], Side, Side, 0);
        var objects = new AnnotatedDataset("layout", _folder.Path, ["thing"], [1], [new AnnotatedImage(path, 1, Side, Side, [])], 0);

        Assert.Equal(expected, Planes(chw => classes.ReadPixels(0, chw)));
        Assert.Equal(expected, Planes(chw => classes.ReadPart(0, new RandomResizedCrop(1.0), chw))); // of a square the whole
        Assert.Equal(expected, Planes(chw => persons.ReadPixels(0, chw)));
        Assert.Equal(expected, objects.Read(0).Pixels);
        var batch = new DetectionLoader(objects, [0], new DetectionLoaderOptions { Height = Side, Width = Side, Statistics = ChannelStatistics.Identity(3) }).Epoch(0).Single();
        Assert.Equal(expected, batch.Images.Select(value => (byte)MathF.Round(255 * value)));
        Assert.Equal(expected, ImageFiles.Read(path, null, Side, Side, 3)); // predict
        Assert.Equal(expected, ImageFiles.ReadStretched(path, Side, Side, 3));
        Assert.Equal(expected, ImageScaling.Scale(ImageScaling.Read(path), Side, Side)); // detect predict
    }

    private static byte[] Planes(Action<byte[]> read)
    {
        var chw = new byte[3 * Plane];
        read(chw);
        return [.. Enumerable.Range(0, chw.Length).Select(i => chw[(i % 3 * Plane) + (i / 3)])];
    }

    private static byte[] Encode(SKBitmap picture, string kind)
    {
        SKColor[] pixels = picture.Pixels;
        switch (kind)
        {
            case "16 bits":
                return Png(16, 2, [], x => [.. ((byte[])[pixels[x].Red, pixels[x].Green, pixels[x].Blue]).SelectMany(value => (byte[])[value, value])]); // v * 257
            case "a palette":
                return Png(8, 3, Chunk("PLTE"u8, [.. pixels.SelectMany(pixel => (byte[])[pixel.Red, pixel.Green, pixel.Blue])]), x => [(byte)x]); // a colour for each pixel
            default:
                using (var stored = OrientedImages.Store(picture, 6))
                {
                    return OrientedImages.Encode(stored, 6, SKEncodedImageFormat.Png);
                }
        }
    }

    private static byte[] Png(byte depth, byte colourType, byte[] palette, Func<int, byte[]> pixel)
    {
        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < Side; y++)
            {
                deflate.Write([0, .. Enumerable.Range(y * Side, Side).SelectMany(pixel)]);
            }
        }

        return [0x89, .. "PNG\r\n"u8, 0x1A, .. "\n"u8, .. Chunk("IHDR"u8, [0, 0, 0, Side, 0, 0, 0, Side, depth, colourType, 0, 0, 0]), .. palette, .. Chunk("IDAT"u8, rows.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), OrientedImages.Crc(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }
}
