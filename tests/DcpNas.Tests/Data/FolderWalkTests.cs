using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class FolderWalkTests
{
    [Fact]
    public void Files_WithCirclesOfLinks_TakesEachFileOnceByItsOwnName()
    {
        using var folder = new TempFolder();
        string[] files = [folder.Write([1], "a", "1.png"), folder.Write([2], "b", "2.png"), folder.Write([3], "b", "c", "3.png")];
        Link(folder.File("a", "self"), Path.Combine(folder.Path, "a"));
        Link(folder.File("a", "all"), folder.Path);
        Link(folder.File("b", "c", "first"), Path.Combine(folder.Path, "a"));
        Link(folder.File("a", "second"), Path.Combine(folder.Path, "b", "c", "first"));
        File.CreateSymbolicLink(folder.File("a", "0.png"), files[1]);

        Assert.Equal(files, FolderWalk.Files(folder.Path, ImageDecoder.IsImage));
    }

    [Fact]
    public void Files_BehindLinks_AreFoundOnce()
    {
        using var folder = new TempFolder();
        using var pool = new TempFolder();
        var outside = pool.Write([1], "p", "1.png");
        Link(folder.File("one"), Path.Combine(pool.Path, "p"));
        Link(folder.File("two"), Path.Combine(folder.Path, "one"));
        File.CreateSymbolicLink(folder.File("x.png"), outside);

        // The file itself, in the folder that a link leads to, comes before a link to it.
        Assert.Equal([folder.File("one", "1.png")], FolderWalk.Files(folder.Path, ImageDecoder.IsImage));
    }

    [Fact]
    public void Files_Hidden_AreLeftOut()
    {
        using var folder = new TempFolder();
        folder.Write([1], ".git", "1.png");
        folder.Write([1], ".1.png");
        var seen = folder.Write([1], "1.PNG");
        folder.Write([1], "1.txt");

        Assert.Equal([seen], ImageFiles.Find([folder.Path]));
    }

    private static void Link(string path, string target) => Directory.CreateSymbolicLink(path, target);
}
