using DcpNas.Data;
using SkiaSharp;

namespace DcpNas.Tests.Data;

public sealed class ImageFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(41, 23, 10)]
    [InlineData(23, 41, 10)]
    [InlineData(7, 9, 16)]
    [InlineData(16, 16, 16)]
    public void Read_Square_GivesThePixelsThatTrainingSees(int width, int height, int size)
    {
        var path = Paint("image.png", width, height);
        var planes = new byte[3 * size * size];
        ImageDecoder.ReadSquare(path, size, size, planes);

        var pixels = ImageFiles.Read(path, null, size, size, 3);

        Assert.Equal(planes, Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, size * size).Select(pixel => pixels[(3 * pixel) + channel])));
    }

    [Theory]
    [InlineData(41, 23, 10, 6)]
    [InlineData(7, 30, 16, 8)]
    [InlineData(8, 16, 16, 8)]
    public void ReadStretched_GivesThePixelsThatATrainingOfPersonsSees(int width, int height, int rows, int columns)
    {
        var path = Paint("image.png", width, height);
        var planes = new byte[3 * rows * columns];
        ImageDecoder.ReadStretched(path, rows, columns, planes);

        var pixels = ImageFiles.ReadStretched(path, rows, columns, 3);

        Assert.Equal(planes, Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, rows * columns).Select(pixel => pixels[(3 * pixel) + channel])));
    }

    [Fact]
    public void Read_WithResize_CutsTheCentreOfTheLargerImage()
    {
        var path = Paint("image.png", 12, 8);
        var whole = ImageFiles.Read(path, null, 8, 12, 3);

        var cut = ImageFiles.Read(path, 8, 4, 6, 3);

        for (var y = 0; y < 4; y++)
        {
            Assert.Equal(whole.AsSpan(3 * (((y + 2) * 12) + 3), 18).ToArray(), cut.AsSpan(3 * 6 * y, 18).ToArray());
        }
    }

    [Fact]
    public void Read_OneChannel_IsTheBrightness()
    {
        var path = Paint("image.png", 5, 5);
        var colours = ImageFiles.Read(path, null, 5, 5, 3);

        var grey = ImageFiles.Read(path, null, 5, 5, 1);

        for (var i = 0; i < grey.Length; i++)
        {
            Assert.Equal((byte)Math.Round((0.299 * colours[3 * i]) + (0.587 * colours[(3 * i) + 1]) + (0.114 * colours[(3 * i) + 2]), MidpointRounding.AwayFromZero), grey[i]);
        }
    }

    [Fact]
    public void Read_OfASliverThatWouldGrowHuge_IsRefused()
    {
        var path = Paint("image.png", 4000, 1);
        Assert.Equal(
            $"{path}: at its size, expected at most 134,217,728 pixels once its shorter side has 4000 but found 16000000 x 4000, of 4000 x 1 in the file. "
            + "Scale the image down or delete the file, or raise the limit with --max-image-pixels (a pixel takes 4 bytes).",
            Assert.Throws<InputException>(() => ImageFiles.Read(path, 4000, 8, 8, 3)).Message);
    }

    [Fact]
    public void Find_FilesAndFolders_ListsImagesRecursivelyInOrder()
    {
        foreach (var name in (string[])["b/2.PNG", "b/1.jpg", "b/.hidden.png", "b/c/3.jpeg", "b/notes.txt"])
        {
            var path = _folder.File(name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }

        Assert.Equal(
            ["first.any", .. ((string[])["1.jpg", "2.PNG", "c/3.jpeg"]).Select(name => Path.Combine(_folder.File("b"), name))],
            ImageFiles.Find(["first.any", _folder.File("b")]));
    }

    [Fact]
    public void Find_FolderWithoutImages_SaysWhatIsMissing()
    {
        var folder = _folder.File("empty");
        Directory.CreateDirectory(folder);
        Assert.Equal(
            $"{folder}: the folder holds no image (.jpg, .jpeg, .png, .webp, .bmp), nor do the folders in it. Name files, or another folder.",
            Assert.Throws<InputException>(() => ImageFiles.Find([folder])).Message);
    }

    /// <summary>Every pixel of another colour.</summary>
    private string Paint(string name, int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < width * height; i++)
        {
            bitmap.SetPixel(i % width, i / width, new SKColor((byte)(i * 37), (byte)(i * 101 / 3), (byte)(255 - i)));
        }

        var path = _folder.File(name);
        using var stream = File.Create(path);
        bitmap.Encode(stream, SKEncodedImageFormat.Png, 100);
        return path;
    }
}
