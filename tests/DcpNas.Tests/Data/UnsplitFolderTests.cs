using DcpNas.Data;
using SkiaSharp;

namespace DcpNas.Tests.Data;

/// <summary>Folders that do not say which images judge: classes without a val half, and images with a table of labels.</summary>
public sealed class UnsplitFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train")]
    [InlineData("")]
    public void Open_ClassesWithoutVal_HoldsAFifthOfEachOut(string inner)
    {
        Classes(inner, ants: 10, bees: 5);
        var data = Open();
        Assert.Equal((12, 3), (data.Train.Count, data.Test.Count));
        Assert.Equal([8, 4], PerClass(data.Train));
        Assert.Equal([2, 1], PerClass(data.Test));
        Assert.Equal(15, Names(data.Train).Concat(Names(data.Test)).Distinct().Count());
        Assert.Equal($"image folder {Path.GetFileName(_folder.Path)} (3 of its 15 images held out as test images, seed 0)", data.Name);
        Assert.Equal("image folder", data.Train.Kind);
        Assert.Equal(Names(data.Test), Names(Open().Test));
        Assert.NotEqual(Names(data.Test), Names(Open(seed: 1).Test));
    }

    [Theory]
    [InlineData("valid")]
    [InlineData("validation")]
    public void Open_OtherNamesOfVal_AreTakenAsTestImages(string name)
    {
        Classes("train", 3, 3);
        Classes(name, 2, 1);
        Assert.Equal((6, 3), (Open().Train.Count, Open().Test.Count));
    }

    [Fact]
    public void Open_ClassOfOneImageWithoutVal_SaysWhatIsNeeded()
    {
        Classes("", 3, 1);
        Assert.Contains("class 'bees' has 1 training image of 4; training needs at least 2, one to learn from and one to hold out.", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TableOfLabels_ReadsNamesWithAndWithoutExtensionAndQuotes()
    {
        Images("", "a.png", "b, c.png", "d.png");
        Images("images", "e.webp");
        Table("labels.csv", "id,breed\na,terrier\n\"b, c.png\",\"old \"\"English\"\" dog\"\n\nd.png , terrier\ne,\"old \"\"English\"\" dog\"\n");
        var data = Open();
        Assert.Equal(["old \"English\" dog", "terrier"], data.Train.ClassNames);
        Assert.Equal((2, 2), (data.Train.Count, data.Test.Count));
    }

    [Theory]
    [InlineData("a.png;cat\nb.png;dog\nc.png;cat\nd.png;dog\n")]
    [InlineData("a.png\tcat\r\nb.png\tdog\r\nc.png\tcat\r\nd.png\tdog\r\n")]
    [InlineData("\uFEFFlabel,file_name\ncat,a.png\ndog,b.png\ncat,c.png\ndog,d.png")]
    [InlineData("photo,kind\na.png,cat\nb.png,dog\nc.png,cat\nd.png,dog\n")]
    public void Open_TablesOfOtherForms_AreRead(string text)
    {
        Images("", "a.png", "b.png", "c.png", "d.png");
        Table("animals.csv", text);
        Assert.Equal(["cat", "dog"], Open().Train.ClassNames);
        Assert.Equal((2, 2), (Open().Train.Count, Open().Test.Count));
    }

    [Fact]
    public void Open_TableWithSplits_TakesThem()
    {
        Images("", "a.png", "b.png", "c.png");
        Table("labels.csv", "file,label,split\na.png,cat,train\nb.png,dog,train\nc.png,dog,Test\n");
        var data = Open();
        Assert.Equal(["cat/a.png", "dog/b.png"], Names(data.Train));
        Assert.Equal(["dog/c.png"], Names(data.Test));
        Assert.Equal($"image folder {Path.GetFileName(_folder.Path)}", data.Name);
    }

    [Theory]
    [InlineData("a.png,cat\nnone.png,dog\n", "line 2, expected an image that exists but found 'none.png'. Add the image, or delete the line.")]
    [InlineData("a.png,cat\na.png,dog\n", "line 2, expected an image of its own but found 'a.png', which stands in line 1 too. Delete one of the two lines.")]
    [InlineData("a.png,cat\nb.png\n", "line 2, expected an image and its class but found 'b.png'. Correct the table: one image a line, as photo1.jpg,cat.")]
    [InlineData("a.png,cat\nb.png,\n", "line 2, expected an image and its class but found 'b.png,'. Correct the table: one image a line, as photo1.jpg,cat.")]
    [InlineData("a.png,cat\nb.png,cat\n", "its classes, expected at least 2 classes but found 1. Add images of another class.")]
    [InlineData("file,label,split\na.png,cat,train\nb.png,dog,later\n", "line 3, expected one of train, training, val, valid, validation, test, testing in the column of splits but found 'later'. Correct the table: one image a line, as photo1.jpg,cat.")]
    [InlineData("file,label,split\na.png,cat,train\nb.png,dog,test\n", "its classes, expected training images of every class but found none of 'dog'. Add training images of it, or take the class out.")]
    [InlineData("", "its start, expected an image and its class a line but found nothing. Correct the table: one image a line, as photo1.jpg,cat.")]
    public void Open_FaultyTables_NameThePlace(string text, string fault)
    {
        Images("", "a.png", "b.png");
        Table("labels.csv", text);
        Assert.Equal($"{_folder.File("labels.csv")}: at {fault}", Fault());
    }

    [Fact]
    public void Run_OfUnsplitFolders_CountsAndSaysWhatIsHeldOut()
    {
        Classes("", 4, 3);
        _folder.Write([1, 2, 3], "bees", "bad.jpg");
        var data = Assert.Single(DataCheck.Run(_folder.Path).Datasets);
        Assert.Equal(("folder", 7), (data.Kind, data.Splits[0].Count));
        Assert.Equal([4, 3], data.Splits[0].PerClass);
        Assert.Equal(_folder.File("bees", "bad.jpg"), Assert.Single(data.Findings, finding => finding.Severity == FindingSeverity.Error).Path);
        Assert.Contains(data.Findings, finding => finding.Message.Contains("hold a fifth of every class out", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_OfAFaultyTable_NamesIt()
    {
        Images("", "a.png", "b.png");
        Table("labels.csv", "a.png,cat\nnone.png,dog\n");
        var report = DataCheck.Run(_folder.Path);
        Assert.True(report.HasErrors);
        Assert.Contains("expected an image that exists but found 'none.png'", Assert.Single(Assert.Single(report.Datasets).Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfImagesWithoutLabel_CountsThem()
    {
        Images("", "a.png", "b.png", "c.png", "d.png", "e.png");
        Table("labels.csv", "a.png,cat\nb.png,dog\nc.png,cat\nd.png,dog\n");
        Assert.Contains(Assert.Single(DataCheck.Run(_folder.Path).Datasets).Findings,
            finding => finding.Message == "1 images of the folder have no label and are ignored; the first is e.png.");
    }

    private static int[] PerClass(IImageDataset data) => [.. Enumerable.Range(0, data.Count).CountBy(data.Label).OrderBy(pair => pair.Key).Select(pair => pair.Value)];

    private static string[] Names(IImageDataset data) => [.. Enumerable.Range(0, data.Count).Select(data.ImageName)];

    private DatasetPair Open(long seed = 0) => DatasetCatalog.Open("folder", _folder.Path, new DatasetOptions { ImageSize = 8, SplitSeed = seed });

    private string Fault() => Assert.Throws<InputException>(() => Open()).Message;

    private void Classes(string inner, int ants, int bees)
    {
        Images(Path.Combine(inner, "ants"), [.. Enumerable.Range(0, ants).Select(i => $"{i}.png")]);
        Images(Path.Combine(inner, "bees"), [.. Enumerable.Range(0, bees).Select(i => $"{i}.png")]);
    }

    private void Images(string inner, params string[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            _folder.Write(DataFiles.Image(8, 8, new SKColor((byte)(20 * i), 90, 30), SKColors.Blue), inner, names[i]);
        }
    }

    private void Table(string name, string text) => File.WriteAllText(_folder.File(name), text);
}
