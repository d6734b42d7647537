using System.Buffers.Binary;
using DcpNas.Data;
using DcpNas.Data.Detection;
using SkiaSharp;

namespace DcpNas.Tests.Data;

public sealed class ImageBitmapTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<int> Orientations => [.. Enumerable.Range(1, 8)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Decode_PngWithOrientation_GivesTheUprightPixels(int orientation)
    {
        using var upright = OrientedImages.Paint(13, 8);
        var path = Write(upright, orientation, SKEncodedImageFormat.Png);
        using var decoded = ImageBitmap.Decode(path);
        Assert.Equal((13, 8), (decoded.Width, decoded.Height));
        Assert.Equal(upright.Pixels, decoded.Pixels);
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Readers_JpegAndWebpWithOrientation_SeeTheUprightPicture(int orientation)
    {
        using var upright = OrientedImages.Paint(60, 40);
        var plain = Write(upright, 1, SKEncodedImageFormat.Png);
        foreach (var format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp])
        {
            var path = Write(upright, orientation, format);
            Assert.Equal((60, 40), ImageDecoder.Verify(path));
            AssertNear(ImageFiles.Read(plain, null, 16, 16, 3), ImageFiles.Read(path, null, 16, 16, 3));
            AssertNear(ImageFiles.ReadStretched(plain, 24, 12, 1), ImageFiles.ReadStretched(path, 24, 12, 1));
            AssertNear(ImageDecoder.ReadWhole(plain).Pixels, ImageDecoder.ReadWhole(path).Pixels);
            AssertNear(Square(plain), Square(path));
            AssertNear(Part(plain), Part(path));
        }

        static byte[] Square(string path)
        {
            var pixels = new byte[300];
            ImageDecoder.ReadSquare(path, 10, 12, pixels);
            return pixels;
        }

        static byte[] Part(string path)
        {
            var pixels = new byte[300];
            ImageDecoder.ReadPart(path, new RandomResizedCrop(0.5), 10, pixels);
            return pixels;
        }
    }

    [Fact]
    public void Decode_Bmp_ReadsIt()
    {
        // 2 x 1 pixels of 24 bits: a bottom-up bitmap, rows padded to 4 bytes.
        byte[] file =
        [
            (byte)'B', (byte)'M', 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 200, 30, 40, 50, 0, 0,
        ];
        Assert.Equal([200, 20, 10, 50, 40, 30], ImageDecoder.ReadWhole(_folder.Write(file, "two.bmp")).Pixels);
    }

    [Fact]
    public void Decode_AnotherFormat_SaysWhichAreRead()
    {
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
        var path = _folder.Write(gif, "named.jpg");
        Assert.Equal(
            $"{path}: at its start, expected a JPEG, PNG, WebP or BMP image but found an image of another format (Gif). Convert or delete the file.",
            Assert.Throws<InputException>(() => ImageDecoder.Verify(path)).Message);
    }

    [Fact]
    public void Decode_MorePixelsThanTheLimit_IsRefusedByItsHeader()
    {
        // The header of a PNG of 30,000 x 30,000 pixels; decoding it would end at the missing data, after 3.6 GB were taken.
        using var small = OrientedImages.Paint(2, 2);
        var file = OrientedImages.Encode(small, 1, SKEncodedImageFormat.Png);
        file.AsSpan(16, 8).Clear();
        (file[18], file[19], file[22], file[23]) = (0x75, 0x30, 0x75, 0x30);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), OrientedImages.Crc(file.AsSpan(12, 17)));
        var path = _folder.Write(file, "huge.png");
        Assert.Equal(
            $"{path}: at its size, expected at most 134,217,728 pixels but found 30000 x 30000. "
            + "Scale the image down or delete the file, or raise the limit with --max-image-pixels (a pixel takes 4 bytes).",
            Assert.Throws<InputException>(() => ImageDecoder.Verify(path)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500_000_001)]
    public void MaximumPixels_OutOfRange_IsRefused(long pixels) => Assert.Throws<ArgumentOutOfRangeException>(() => ImageFiles.MaximumPixels = pixels);

    [Fact]
    public void Read_AnnotatedAsUpright_TurnsThePixels()
    {
        using var upright = OrientedImages.Paint(20, 12);
        var path = Write(upright, 6, SKEncodedImageFormat.Png);
        var data = Annotated(path, 20, 12);
        Assert.False(data.IsMeantAsStored(0));
        Assert.Equal(ImageDecoder.ReadWhole(path).Pixels, data.Read(0).Pixels);
        Assert.Equal((20, 12), (data.Read(0).Width, data.Read(0).Height));
    }

    [Fact]
    public void Read_AnnotatedAsStored_KeepsThePixelsOfItsBoxes()
    {
        using var upright = OrientedImages.Paint(20, 12);
        var path = Write(upright, 6, SKEncodedImageFormat.Png);
        using var stored = OrientedImages.Store(upright, 6);
        var data = Annotated(path, 12, 20);
        Assert.True(data.IsMeantAsStored(0));
        Assert.Equal(stored.Pixels.SelectMany(pixel => (byte[])[pixel.Red, pixel.Green, pixel.Blue]), data.Read(0).Pixels);
    }

    [Fact]
    public void Read_AnnotatedAsNeither_NamesTheUprightSize()
    {
        using var upright = OrientedImages.Paint(20, 12);
        var path = Write(upright, 6, SKEncodedImageFormat.Png);
        Assert.Equal(
            $"{path}: at its size, expected 20 x 13 pixels, as its annotation says but found 20 x 12. Replace the file, or correct the annotation.",
            Assert.Throws<InputException>(() => Annotated(path, 20, 13).Read(0)).Message);
    }

    private static AnnotatedDataset Annotated(string path, int width, int height) =>
        new("layout", ".", ["thing"], [1], [new AnnotatedImage(path, 1, width, height, [new LabelledBox(0, 1, 1, 5, 5)])], 0);

    private static void AssertNear(byte[] expected, byte[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 12));
    }

    private string Write(SKBitmap upright, int orientation, SKEncodedImageFormat format)
    {
        using var stored = OrientedImages.Store(upright, orientation);
        return _folder.Write(OrientedImages.Encode(stored, orientation, format), $"{orientation}-{format}.any");
    }
}
