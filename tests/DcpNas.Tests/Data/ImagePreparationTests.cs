using DcpNas.Data;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using SkiaSharp;
using Preprocessing = DcpNas.Runtime.Preprocessing;

namespace DcpNas.Tests.Data;

/// <summary>Training and <c>predict</c> see the pixels that a program with the runtime's <see cref="ImagePreparer"/> sees.</summary>
public sealed class ImagePreparationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(61, 40, 12, ImageFit.Crop, 3)]
    [InlineData(40, 61, null, ImageFit.Crop, 3)]
    [InlineData(5, 9, null, ImageFit.Crop, 3)]
    [InlineData(61, 40, null, ImageFit.Stretch, 3)]
    [InlineData(61, 40, 12, ImageFit.Crop, 1)]
    [InlineData(8, 8, null, ImageFit.Crop, 3)]
    public void Prepare_OfADecodedFile_EqualsWhatIsReadForTraining(int width, int height, int? resize, ImageFit fit, int channels)
    {
        var (path, bitmap) = Paint(width, height);
        using (bitmap)
        {
            var preparer = new ImagePreparer(Model(new Preprocessing(new double[channels], [.. Enumerable.Repeat(1.0, channels)], resize) { Fit = fit }, channels));

            var prepared = preparer.Prepare(new DecodedImage(bitmap.GetPixelSpan(), width, height, PixelFormat.Rgba, rowBytes: bitmap.RowBytes));

            Assert.Equal(fit == ImageFit.Stretch ? ImageFiles.ReadStretched(path, 8, 8, channels) : ImageFiles.Read(path, resize, 8, 8, channels), prepared);
        }
    }

    [Fact]
    public void ReadPart_OfAnImage_ScalesThePartAsIfItWereTheWhole()
    {
        var (path, bitmap) = Paint(50, 50);
        using (bitmap)
        {
            var planes = new byte[3 * 8 * 8];
            ImageDecoder.ReadPart(path, new RandomResizedCrop(1.0), 8, planes); // of a square the whole

            var expected = new byte[3 * 8 * 8];
            ImageScaler.Scale(new DecodedImage(bitmap.GetPixelSpan(), 50, 50, PixelFormat.Rgba, rowBytes: bitmap.RowBytes), 8, 8, new ImagePart(0, 0, 8, 8), expected);
            Assert.Equal(expected, Enumerable.Range(0, 3 * 64).Select(i => planes[(i % 3 * 64) + (i / 3)]));
        }
    }

    private (string Path, SKBitmap Bitmap) Paint(int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        new Random(width + height).NextBytes(bitmap.GetPixelSpan());
        for (var i = 3; i < bitmap.GetPixelSpan().Length; i += 4)
        {
            bitmap.GetPixelSpan()[i] = byte.MaxValue;
        }

        var path = _folder.File("image.png");
        using var stream = File.Create(path);
        bitmap.Encode(stream, SKEncodedImageFormat.Png, 100);
        return (path, bitmap);
    }

    private static PackedModel Model(Preprocessing preprocessing, int channels)
    {
        var graph = new GraphBuilder(8, 8, channels);
        graph.Output("map", graph.Relu("relu", graph.Image));
        return graph.Build(new ModelInfo { Producer = "test", Preprocessing = preprocessing });
    }
}
