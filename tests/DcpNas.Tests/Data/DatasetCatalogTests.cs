using DcpNas.Data;
using DcpNas.Data.Detection;

namespace DcpNas.Tests.Data;

public sealed class DatasetCatalogTests
{
    [Fact]
    public void Open_UnknownName_ListsTheKnownOnes()
    {
        var error = Assert.Throws<InputException>(() => DatasetCatalog.Open("cifar", null));
        Assert.Equal($"Unknown data set 'cifar'. Known data sets: {string.Join(", ", DatasetNames.All)}.", error.Message);
    }

    [Fact]
    public void Open_EmptyFolder_SaysWhatToDo()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<InputException>(() => DataFiles.OpenSmall("cifar100", folder.Path));
        Assert.Equal($"{folder.Path}: no CIFAR-100 files in it or below (expected train.bin, test.bin). Name the folder that holds them with --data DIR, "
            + "or download them: dcpnas data download cifar100 --data DIR.", error.Message);
    }

    [Fact]
    public void Open_FolderMissing_SaysSo()
    {
        using var folder = new TempFolder();
        var missing = Path.Combine(folder.Path, "no");
        var error = Assert.Throws<InputException>(() => DatasetCatalog.Open("folder", missing));
        Assert.Equal($"{missing}: the folder does not exist (expected train/CLASS/*.jpg, val/CLASS/*.jpg, CLASS/*.jpg, labels.csv). Name the folder that holds them with --data DIR.",
            error.Message);
    }

    [Fact]
    public void Open_OptionsOutOfRange_ListsEveryFault()
    {
        var options = new DatasetOptions { ImageSize = 4, SyntheticTrainImages = 0, SyntheticTestImages = 9, CacheBytes = -1 };
        var error = Assert.Throws<OptionsException>(() => DatasetCatalog.Open("synthetic", null, options));
        Assert.Equal(
            [
                "image_size must be from 8 to 1024, got 4.",
                "synthetic_train_images must be at least 10, got 0.",
                "synthetic_test_images must be at least 10, got 9.",
                "cache_bytes must be at least 0, got -1.",
            ],
            error.Problems);
    }

    [Fact]
    public void Open_ImageFolderBesideOthers_DoesNotMistakeThem()
    {
        using var folder = new TempFolder();
        DataFiles.WriteCifar10(folder, "a");
        DataFiles.WriteMnist(folder, "b");
        DataFiles.WriteImageFolder(folder, "c/d");
        Assert.Equal(10, DataFiles.OpenSmall("cifar10", folder.Path).Train.Count);
        Assert.Equal(3, DatasetCatalog.Open("mnist", folder.Path).Train.Count);
        var images = DatasetCatalog.Open("folder", folder.Path);
        Assert.Equal(("image folder d", "image folder"), (images.Name, images.Train.Kind));
    }

    [Fact]
    public void Open_BesideAFolderThatMayNotBeRead_FindsTheData()
    {
        using var folder = new TempFolder();
        DataFiles.WriteCifar10(folder, "a/b");
        using var closed = new ClosedFolder(folder.File("a", "0"));
        Assert.Equal(10, DataFiles.OpenSmall("cifar10", folder.Path).Train.Count);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c")] // the last level that is searched
    public void Open_WhereAllElseThanAClosedFolderWasSearched_NamesIt(string place)
    {
        using var folder = new TempFolder();
        using var closed = new ClosedFolder(folder.File(place));
        Assert.Equal($"{folder.Path}: no CIFAR-100 files in it or below (expected train.bin, test.bin). Not searched, because they cannot be read: {folder.File(place)}. "
            + "Name the folder that holds them with --data DIR, or download them: dcpnas data download cifar100 --data DIR.",
            Assert.Throws<InputException>(() => DataFiles.OpenSmall("cifar100", folder.Path)).Message);
        Assert.Contains($". Not searched, because they cannot be read: {folder.File(place)}. ", Assert.Throws<InputException>(() => DetectionDatasetCatalog.Open("voc", folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NamedFolderThatMayNotBeRead_SaysSo()
    {
        using var folder = new TempFolder();
        using var closed = new ClosedFolder(folder.Path);
        foreach (var open in (Action[])[() => DatasetCatalog.Open("mnist", folder.Path), () => DetectionDatasetCatalog.Open("coco", folder.Path), () => DataCheck.Run(folder.Path), () => DataRepair.Run(folder.Path, "elsewhere")])
        {
            Assert.Equal($"{folder.Path}: cannot be read: Access to the path '{folder.Path}' is denied. Check that it exists and that you may read it.", Assert.Throws<InputException>(open).Message);
        }
    }

    [Fact]
    public void NotSearched_OfManyFolders_NamesTheFirst()
    {
        Assert.Equal(" Not searched, because they cannot be read: a, b, c and 2 more.", DatasetLocator.NotSearched(["a", "b", "c", "d", "e"]));
        Assert.Equal("", DatasetLocator.NotSearched([]));
    }
}
