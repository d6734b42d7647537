using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class DatasetCatalogTests
{
    [Fact]
    public void Open_UnknownName_ListsTheKnownOnes()
    {
        var error = Assert.Throws<InputException>(() => DatasetCatalog.Open("cifar", null));
        Assert.Equal("Unknown data set 'cifar'. Known data sets: cifar10, cifar100, mnist, folder, synthetic.", error.Message);
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
}
