using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class ImageEncoderTests
{
    [Fact]
    public void Png_OfAColourImage_DecodesToTheSamePixels()
    {
        using var folder = new TempFolder();
        var data = new SyntheticDataset(0, 10, test: false);
        var path = Path.Combine(folder.Path, "a.png");
        File.WriteAllBytes(path, ImageEncoder.Png(data, 3));
        var (expected, found) = (new byte[3 * 32 * 32], new byte[3 * 32 * 32]);
        data.ReadPixels(3, expected);
        ImageDecoder.ReadSquare(path, 32, 32, found);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Png_OfAGreyImage_HasThreeEqualChannels()
    {
        using var folder = new TempFolder();
        var data = new InMemoryDataset("grey", ["a", "b"], 1, 8, 8, [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 4))], [0]);
        var path = Path.Combine(folder.Path, "a.png");
        File.WriteAllBytes(path, ImageEncoder.Png(data, 0));
        var found = new byte[3 * 64];
        ImageDecoder.ReadSquare(path, 8, 8, found);
        Assert.Equal([.. Enumerable.Range(0, 3 * 64).Select(i => (byte)(i % 64 * 4))], found);
    }

    [Fact]
    public void ImageName_OfAFolder_IsTheFileAndElseTheIndex()
    {
        Assert.Equal("7", ((IImageDataset)new SyntheticDataset(0, 10, test: false)).ImageName(7));
        using var folder = new TempFolder();
        foreach (var place in (string[])["train/ant", "train/bee", "val/bee"])
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, place));
            File.WriteAllBytes(Path.Combine(folder.Path, place, "x.png"), ImageEncoder.Png(new SyntheticDataset(0, 10, test: false), 0));
        }

        var pair = DatasetCatalog.Open(DatasetNames.Folder, folder.Path);
        Assert.Equal(["ant/x.png", "bee/x.png"], Enumerable.Range(0, 2).Select(pair.Train.ImageName));
        Assert.Equal("bee/x.png", pair.Test.ImageName(0));
    }
}
