using DcpNas.Data;
using SkiaSharp;

namespace DcpNas.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ImageFolderTests() => DataFiles.WriteImageFolder(_folder, "set");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1L << 30)]
    [InlineData(0)]
    public void ReadPixels_WideImage_KeepsTheCentre(long cacheBytes)
    {
        var data = Open(10, cacheBytes);
        Assert.Equal(["ants", "bees"], data.Train.ClassNames);
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(data.Train.Label));
        var pixels = new byte[300];

        // 40 x 20, red left and blue right: the centre square has its border in the middle. Read twice: the second time from the cache.
        for (var time = 0; time < 2; time++)
        {
            data.Train.ReadPixels(0, pixels);
            for (var y = 0; y < 10; y++)
            {
                Assert.Equal((200, 20, 10), (pixels[y * 10], pixels[100 + (y * 10)], pixels[200 + (y * 10)]));
                Assert.Equal((10, 20, 200), (pixels[(y * 10) + 9], pixels[109 + (y * 10)], pixels[209 + (y * 10)]));
            }
        }
    }

    [Fact]
    public void ReadPixels_SizeOfTheImage_KeepsItsBytes()
    {
        var pixels = new byte[3 * 16 * 16];
        Open(16).Train.ReadPixels(2, pixels);
        Assert.Equal(10, pixels[7]);
        Assert.Equal(200, pixels[8]);
        Assert.Equal(200, pixels[512 + 7]);
    }

    [Fact]
    public void ReadPixels_Jpeg_IsCloseToItsColour()
    {
        var pixels = new byte[300];
        Open(10).Train.ReadPixels(1, pixels);
        Assert.All(pixels[..100], value => Assert.InRange(value, 197, 203));
        Assert.All(pixels[200..], value => Assert.InRange(value, 5, 15));
    }

    [Fact]
    public void ReadPixels_FineStripesShrunk_AreAveraged()
    {
        // Columns of black and white, 64 wide: a reader that picks pixels would give black or white at size 16.
        using var bitmap = new SKBitmap(new SKImageInfo(64, 64, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < 64 * 64; i++)
        {
            bitmap.SetPixel(i % 64, i / 64, i % 2 == 0 ? SKColors.Black : SKColors.White);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        var path = _folder.Write(png.ToArray(), "stripes.png");
        var pixels = new byte[3 * 16 * 16];
        ImageDecoder.ReadSquare(path, 16, 16, pixels);
        Assert.All(pixels, value => Assert.InRange(value, 110, 146));
    }

    [Fact]
    public void ReadPixels_Transparent_DropsTransparency()
    {
        var colour = new SKColor(90, 160, 30, 1);
        var path = _folder.Write(DataFiles.Image(32, 32, colour, colour), "clear.png");
        var pixels = new byte[3 * 8 * 8];
        ImageDecoder.ReadSquare(path, 8, 8, pixels);
        Assert.Equal((90, 160, 30), (pixels[0], pixels[64], pixels[128]));
    }

    [Fact]
    public void ReadPixels_NotAnImage_NamesTheFile()
    {
        var path = _folder.Write([1, 2, 3], "set", "train", "bees", "d.png");
        var data = ImageFolderReader.Read(_folder.File("set", "x")[..^2], new DatasetOptions { ImageSize = 16, CacheBytes = 0 });
        var error = Assert.Throws<InputException>(() => data.Train.ReadPixels(3, new byte[768]));
        Assert.StartsWith($"{path}: at its start, expected a JPEG, PNG, WebP or BMP image but found data that cannot be decoded (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("). Replace or delete the file.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    public void ReadPixels_Truncated_NamesTheFile(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(64, 64, SKColorType.Rgba8888, SKAlphaType.Opaque));
        new SeededRandom(3).NextBytes(bitmap.GetPixelSpan());
        using var image = bitmap.Encode(format, 95);
        var path = _folder.Write(image.ToArray()[..((int)image.Size / 2)], "broken.image");
        var error = Assert.Throws<InputException>(() => ImageDecoder.ReadSquare(path, 16, 16, new byte[768]));
        Assert.Equal($"{path}: at its pixels, expected 64 x 64 decodable pixels but found damaged or missing data (IncompleteInput). Replace or delete the file.",
            error.Message);
    }

    [Fact]
    public void ReadPixels_FileGone_NamesIt()
    {
        var error = Assert.Throws<InputException>(() => ImageDecoder.ReadSquare(_folder.File("gone.png"), 16, 16, new byte[768]));
        Assert.StartsWith($"{_folder.File("gone.png")}: cannot be read: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ClassOnlyInVal_NamesTheFolder()
    {
        _folder.Write(DataFiles.Image(8, 8, SKColors.Red, SKColors.Red), "set", "val", "wasps", "g.png");
        AssertMessage($"{_folder.Path}/set/val/wasps: the class does not occur in {_folder.Path}/set/train. Add training images or delete the folder.");
    }

    [Fact]
    public void Open_ClassWithoutImages_NamesTheFolder()
    {
        _folder.Write([1], "set", "train", "wasps", "note.txt");
        AssertMessage($"{_folder.Path}/set/train/wasps: the class has no image (.jpg, .jpeg, .png, .webp, .bmp). Add images or delete the folder.");
    }

    [Fact]
    public void Open_ClassesInOtherFormsOfUnicode_AreOneClass()
    {
        foreach (var (split, name) in ((string, string)[])[("train", "caf\u00e9"), ("val", "cafe\u0301")])
        {
            _folder.Write(DataFiles.Image(8, 8, SKColors.Red, SKColors.Red), "set", split, name, "x.png");
        }

        var data = Open(10);
        Assert.Equal(["ants", "bees", "caf\u00e9"], data.Test.ClassNames);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(data.Test.Label));
        Assert.False(DataCheck.Run(_folder.Path).HasErrors);

        _folder.Write(DataFiles.Image(8, 8, SKColors.Red, SKColors.Red), "set", "train", "cafe\u0301", "y.png");
        const string Fault = "two class folders are called 'cafe\u0301': their names differ only in their form of Unicode (NFC and NFD). Put their images into one of them.";
        AssertMessage($"{_folder.Path}/set/train/cafe\u0301: {Fault}");
        Assert.Contains(DataCheck.Run(_folder.Path).Datasets[0].Findings, finding => finding is { Severity: FindingSeverity.Error, Message: Fault });
    }

    [Theory]
    [InlineData("train/ants/a.png", "train/ants/caf\ufffd.png")]
    [InlineData("train/bees", "train/caf\ufffd")]
    [InlineData("val/ants", "val/caf\ufffd")]
    public void Read_NameThatIsNotUtf8_SaysSo(string before, string shown)
    {
        var folder = $"{_folder.Path}/set";
        var (there, made) = ($"'{folder}/{before}'", $"\"{folder}/{Path.GetDirectoryName(shown)}/$(printf 'caf\\351'){Path.GetExtension(shown)}\"");
        Shell($"mv {there} {made}");
        try
        {
            AssertNamed(folder, $"{folder}/{shown}");
        }
        finally
        {
            Shell($"mv {made} {there}"); // .NET cannot delete it either
        }
    }

    private static void Shell(string command)
    {
        using var shell = System.Diagnostics.Process.Start("bash", ["-c", command]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private void AssertNamed(string folder, string path)
    {
        const string Why = "cannot be opened. Its name is not UTF-8 (each \ufffd stands for a byte that is not). Rename it: convmv -f latin1 -t utf-8 -r --notest DIR, with the encoding that it has.";
        var fault = Assert.Throws<InputException>(() =>
        {
            var data = Open(10);
            for (var index = 0; index < data.Train.Count; index++)
            {
                data.Train.ReadPixels(index, new byte[300]);
            }
        });
        Assert.Equal($"{path}: {Why}", fault.Message);
        Assert.Contains(DataCheck.Run(_folder.Path).Datasets[0].Findings, finding => finding.Severity == FindingSeverity.Error && finding.Path == path);
    }

    [Fact]
    public void Open_OneClass_SaysTheLayout()
    {
        Directory.Delete($"{_folder.Path}/set/train/bees", recursive: true);
        AssertMessage($"{_folder.Path}/set/train: expected a folder for each of at least 2 classes but found 1. "
            + "The layout is train/CLASS/*.jpg and val/CLASS/*.jpg, or CLASS/*.jpg, or images with a file labels.csv.");
    }

    [Fact]
    public void Open_DevelopmentFolder_HasItsCounts()
    {
        var data = DatasetCatalog.Open("folder", RealData.Folder("hymenoptera_160"), new DatasetOptions { ImageSize = 32 });
        Assert.Equal((244, 153), (data.Train.Count, data.Test.Count));
        Assert.Equal(["ants", "bees"], data.Train.ClassNames);
        var pixels = new byte[3 * 32 * 32];
        for (var i = 0; i < data.Test.Count; i++)
        {
            data.Test.ReadPixels(i, pixels);
        }

        // Photographs: means somewhere in the middle, and clearly not the identity.
        Assert.All(data.Statistics.Mean, mean => Assert.InRange(mean, 0.3, 0.7));
        Assert.All(data.Statistics.StandardDeviation, deviation => Assert.InRange(deviation, 0.15, 0.35));
    }

    private DatasetPair Open(int size, long cacheBytes = 0) =>
        DatasetCatalog.Open("folder", _folder.Path, new DatasetOptions { ImageSize = size, CacheBytes = cacheBytes });

    private void AssertMessage(string expected) => Assert.Equal(expected, Assert.Throws<InputException>(() => Open(16)).Message);
}
