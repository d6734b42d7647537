using DcpNas.Data;
using DcpNas.Data.Detection;

namespace DcpNas.Tests.Data;

public sealed class DataDigestTests
{
    [Fact]
    public void Of_AFolderElsewhere_IsTheSame()
    {
        using var first = new TempFolder();
        using var second = new TempFolder();
        DataFiles.WriteImageFolder(first, "one");
        DataFiles.WriteImageFolder(second, "a/b/two");
        Assert.Equal(Digest(first), Digest(second));
    }

    [Theory]
    [InlineData("train/ants/a.png", "train/ants/z.png")] // renamed
    [InlineData("train/ants/a.png", "train/bees/a.png")] // of another class; as many images as before
    [InlineData("val/ants/e.png", "val/bees/e.png")]
    public void Of_OtherNamesOrLabels_Differs(string before, string after)
    {
        using var folder = new TempFolder();
        DataFiles.WriteImageFolder(folder, "");
        var digest = Digest(folder);
        File.Move(Path.Combine(folder.Path, before), Path.Combine(folder.Path, after));
        Assert.NotEqual(digest, Digest(folder));
    }

    [Fact]
    public void OfBoxes_DrawnScenes_IsEmpty() => Assert.Equal("", DataDigest.OfBoxes(new SyntheticScenes(0, 3, 32, test: false)));

    [Fact]
    public void OfBoxes_OtherBoxes_Differs()
    {
        AnnotatedDataset[] data = [Boxes(4, "a.png"), Boxes(4, "a.png"), Boxes(5, "a.png"), Boxes(4, "b.png"), Boxes(4, "cafe\u0301.png"), Boxes(4, "caf\u00e9.png")];
        string[] digests = [.. data.Select(one => DataDigest.OfBoxes(one))];
        Assert.Equal(digests[0], digests[1]);
        Assert.Equal(digests[4], digests[5]);
        Assert.Equal(4, digests.Distinct().Count());

        static AnnotatedDataset Boxes(double right, string name) => new("k", "f", ["c"], [1], [new AnnotatedImage($"/{name}", 1, 8, 8, [new LabelledBox(0, 1, 1, right, 4)])], 0);
    }

    private static string Digest(TempFolder folder)
    {
        var pair = DatasetCatalog.Open("folder", folder.Path, new DatasetOptions { ImageSize = 16 });
        return DataDigest.Of(pair.Train, pair.Test);
    }
}
