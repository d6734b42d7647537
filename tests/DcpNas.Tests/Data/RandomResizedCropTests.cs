using DcpNas.Data;
using SkiaSharp;

namespace DcpNas.Tests.Data;

public sealed class RandomResizedCropTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Draw_ManyTimes_IsUniformInAreaAndShapeAndStaysInside()
    {
        var crop = new RandomResizedCrop(0.08);
        crop.Reseed(1, 0, 0);
        var boxes = Enumerable.Range(0, 20_000).Select(_ => crop.Draw(1000, 800)).ToArray();
        Assert.All(boxes, box =>
        {
            Assert.True(box is { Left: >= 0, Top: >= 0 } && box.Left + box.Width <= 1000 && box.Top + box.Height <= 800);
            Assert.InRange((double)box.Width / box.Height, 0.745, 1.342);
        });

        // Rectangles of up to half of the image always fit, so there the drawn areas are those that were asked for: uniform.
        var areas = boxes.Select(box => box.Width * (double)box.Height / 800_000).ToArray();
        Assert.All(areas, area => Assert.InRange(area, 0.079, 1));
        var (low, middle) = (areas.Count(area => area is >= 0.1 and < 0.3), areas.Count(area => area is >= 0.3 and < 0.5));
        Assert.InRange(low, middle - 400, middle + 400); // six standard deviations
        var small = boxes.Where(box => box.Width * box.Height < 400_000).ToArray();
        Assert.InRange(small.Average(box => Math.Log((double)box.Width / box.Height)), -0.01, 0.01);
        Assert.InRange(small.Average(box => box.Left / (1000.0 - box.Width)), 0.48, 0.52);
        Assert.InRange(small.Average(box => box.Top / (800.0 - box.Height)), 0.48, 0.52);
    }

    [Fact]
    public void Draw_OfAVeryWideImage_TakesTheLargestCentredOneOfAnAllowedShape()
    {
        var crop = new RandomResizedCrop(1);
        crop.Reseed(1, 0, 0);
        Assert.Equal(new PixelBox(386, 0, 27, 20), crop.Draw(800, 20));
        Assert.Equal(new PixelBox(0, 386, 20, 27), crop.Draw(20, 800));
    }

    [Fact]
    public void Draw_AfterTheSameSeed_IsTheSame()
    {
        var crop = new RandomResizedCrop(0.5);
        crop.Reseed(7, 3, 11);
        var first = crop.Draw(640, 480);
        crop.Draw(640, 480);
        crop.Reseed(7, 3, 11);
        Assert.Equal(first, crop.Draw(640, 480));
        crop.Reseed(7, 4, 11);
        Assert.NotEqual(first, crop.Draw(640, 480));
    }

    [Fact]
    public void Epoch_WithCropArea_ShowsTheDrawnPartOfTheFullImage()
    {
        // A ramp: red is the column, green the row; so the colours at the borders of a crop say where it was cut.
        var data = Open(Ramp());
        var options = new BatchLoaderOptions { BatchSize = 2, Workers = 0, Seed = 5, Augmentation = new() { CropArea = 0.2 } };
        using var loader = new BatchLoader(data.Train, [0, 1], options);
        var crop = new RandomResizedCrop(0.2);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            foreach (var batch in loader.Epoch(epoch))
            {
                crop.Reseed(5, epoch, 1);
                var box = crop.Draw(200, 160);
                using var images = batch.Images;
                var index = batch.Labels[0].item<long>() == 1 ? 0 : 1;
                var (red, green) = (images[index, 0] * 255, images[index, 1] * 255);
                Assert.InRange(red[8, 0].ToDouble(), box.Left - 2, box.Left + (box.Width / 16.0) + 2);
                Assert.InRange(red[8, 15].ToDouble(), box.Left + (box.Width * 15 / 16.0) - 2, box.Left + box.Width + 2);
                Assert.InRange(green[0, 8].ToDouble(), box.Top - 2, box.Top + (box.Height / 16.0) + 2);
                Assert.InRange(green[15, 8].ToDouble(), box.Top + (box.Height * 15 / 16.0) - 2, box.Top + box.Height + 2);
                batch.Labels.Dispose();
            }
        }
    }

    [Fact]
    public void ReadPixels_ResizedToMoreThanTheSize_CutsTheCentreOut()
    {
        var pixels = new byte[3 * 40 * 40];
        DatasetCatalog.Open(DatasetNames.Folder, Ramp(), new DatasetOptions { ImageSize = 40, ResizeTo = 80 }).Train.ReadPixels(1, pixels);

        // 200 x 160 at half its size is 100 x 80; the centre begins at column 30 and row 20, which were column 60 and row 40.
        Assert.InRange(pixels[0], 59, 62);
        Assert.InRange(pixels[39], 137, 140);
        Assert.InRange(pixels[1600], 39, 42);
    }

    [Fact]
    public void Problems_OfCropArea_NameWhatDoesNotFit()
    {
        Assert.Equal(["crop_area must be above 0 and at most 1, got 1.5."], new AugmentationOptions { CropArea = 1.5 }.Problems(32, 32));
        Assert.Equal(["crop_area and crop_padding are two ways to crop: leave crop_area out, or set crop_padding to 0, got 4."],
            new AugmentationOptions { CropArea = 0.08, CropPadding = 4 }.Problems(32, 32));
        var drawn = new PatternDataset(4, height: 32, width: 32);
        Assert.Contains($"crop_area needs images of a folder, which are kept in their full size; those of {drawn.Name} are not.",
            new BatchLoaderOptions { BatchSize = 2, Augmentation = new() { CropArea = 0.08 } }.Problems(drawn, 4));
        Assert.Equal(["resize_to must be from image_size (224) to 2048, got 128."], new DatasetOptions { ImageSize = 224, ResizeTo = 128 }.Problems());
    }

    private static DatasetPair Open(string folder) => DatasetCatalog.Open(DatasetNames.Folder, folder, new DatasetOptions { ImageSize = 16 });

    /// <summary>A folder of two classes with one image each in both splits: 200 x 160, red = column, green = row.</summary>
    private string Ramp()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(200, 160, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < 160; y++)
        {
            for (var x = 0; x < 200; x++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)x, (byte)y, 0));
            }
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        foreach (var split in (string[])["train", "val"])
        {
            foreach (var name in (string[])["a", "b"])
            {
                _folder.Write(png.ToArray(), "ramp", split, name, "0.png");
            }
        }

        return _folder.File("ramp");
    }
}
