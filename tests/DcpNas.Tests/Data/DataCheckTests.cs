using DcpNas.Data;
using SkiaSharp;

namespace DcpNas.Tests.Data;

public sealed class DataCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_SmallCifar_CountsAndComparesWithTheOfficialSize()
    {
        DataFiles.WriteCifar10(_folder, "a/b");
        _folder.Write([1], "a/b", "notes.txt");
        var report = DataFiles.CheckSmall(_folder.Path);
        var data = Assert.Single(report.Datasets);
        Assert.False(report.HasErrors);
        Assert.Equal(("cifar10", "CIFAR-10 (not the official files)", false), (data.Kind, data.Name, data.Official));
        Assert.Equal($"{_folder.Path}/a/b", data.Folder);
        Assert.Equal([1, 2, 2, 2, 2, 1, 0, 0, 0, 0], data.Splits[0].PerClass);
        Assert.Equal((10, 2), (data.Splits[0].Count, data.Splits[1].Count));
        Assert.Equal([new KeyValuePair<string, int>("32 x 32", 12)], data.ImageSizes);
        Assert.Contains(new DataFinding(FindingSeverity.Warning, $"{_folder.Path}/a/b/data_batch_1.bin",
            "at its end, expected 10000 images but found 2."), data.Findings);
        Assert.Contains(new DataFinding(FindingSeverity.Note, $"{_folder.Path}/a/b", "1 file is not part of the data set and is ignored: notes.txt."), data.Findings);
        Assert.Contains(new DataFinding(FindingSeverity.Note, $"{_folder.Path}/a/b",
            "the files are not the official ones: results on them are results on 'CIFAR-10 (not the official files)'."), data.Findings);
        Assert.Equal(data.Findings.Select(finding => finding.Severity).OrderDescending(), data.Findings.Select(finding => finding.Severity));
    }

    [Fact]
    public void Run_BesideAFolderThatMayNotBeRead_WarnsAndChecksTheRest()
    {
        DataFiles.WriteCifar10(_folder, "a");
        using var closed = new ClosedFolder(_folder.File("b"));
        var report = DataFiles.CheckSmall(_folder.Path);
        Assert.Single(report.Datasets);
        Assert.False(report.HasErrors);
        Assert.Equal([new DataFinding(FindingSeverity.Warning, _folder.File("b"), "cannot be read: what is in it was passed over.")], report.Findings);
    }

    [Fact]
    public void Run_OfAClassThatMayNotBeRead_NamesIt()
    {
        DataFiles.WriteImageFolder(_folder, "");
        var ants = _folder.File("train", "ants");
        using var closed = new ClosedFolder(ants);
        Assert.Equal($"{_folder.Path}: cannot be read: Access to the path '{ants}' is denied. Check that it exists and that you may read it.",
            Assert.Throws<InputException>(() => DataCheck.Run(_folder.Path)).Message);
    }

    [Fact]
    public void Run_CifarWithEveryFault_ListsThemAll()
    {
        DataFiles.WriteCifar10(_folder, "");
        File.Delete(_folder.File("data_batch_5.bin"));
        _folder.Write(DataFiles.Cifar10(0, 1, 2)[..4000], "data_batch_2.bin");
        _folder.Write(DataFiles.Cifar10(0, 1, 77, 10), "data_batch_3.bin");
        var copy = DataFiles.Cifar10(3, 3, 4);
        _folder.Write(copy, "test_batch.bin");
        _folder.Write(copy, "data_batch_4.bin");
        File.WriteAllText(_folder.File("batches.meta.txt"), "one\n");
        var report = DataFiles.CheckSmall(_folder.Path);
        var data = Assert.Single(report.Datasets);
        Assert.True(report.HasErrors);
        Assert.Equal(
            [
                ("batches.meta.txt", "at its end, expected 10 class names, one per line but found 1. Download the archive again."),
                ("data_batch_2.bin", "at byte 3073, expected a record of 3073 bytes but found 927 bytes before the end of the file."),
                ("data_batch_3.bin", "at record 1 (byte 3073), expected a label from 0 to 9 but found 77."),
                ("data_batch_3.bin", "2 labels are out of range; the first is listed."),
                ("data_batch_5.bin", "the file is missing."),
            ],
            Errors(data));
        Assert.Equal((2, 2), (data.DuplicatesAcrossSplits, data.DuplicatesWithinTrain));
        Assert.Contains(new DataFinding(FindingSeverity.Warning, _folder.File("test_batch.bin"),
            "record 1: the test image also occurs in the training images (data_batch_4.bin, record 1)."), data.Findings);
    }

    [Fact]
    public void Run_Mnist_ListsEveryFault()
    {
        DataFiles.WriteMnist(_folder, "");
        _folder.Write(DataFiles.Idx(0x801, [2], [1, 12]), "t10k-labels.idx1-ubyte");
        File.Delete(_folder.File("train-images-idx3-ubyte"));
        var labels = _folder.Write([1, 2, 3], "train-labels-idx1-ubyte.gz");
        var data = Assert.Single(DataCheck.Run(_folder.Path).Datasets);
        Assert.Equal(
            [
                ("train-images-idx3-ubyte", "the file is missing, also as .gz."),
                (Path.GetFileName(labels), data.Findings[1].Message),
                ("t10k-labels.idx1-ubyte", "at label 1 (byte 9), expected a label from 0 to 9 but found 12."),
            ],
            Errors(data));
        Assert.Equal((0, 1), (data.Splits[0].Count, data.Splits[1].Count));
        Assert.Equal("4 x 2", data.ImageSizes[0].Key);
    }

    [Fact]
    public void Run_ImageFolderWithEveryFault_ListsThemAll()
    {
        DataFiles.WriteImageFolder(_folder, "set");
        _folder.Write([1, 2, 3], "set", "train", "ants", "bad.png");
        _folder.Write([9], "set", "train", "ants", "readme.txt");
        _folder.Write([9], "set", "train", "bees", "more", "x.png");
        _folder.Write([9], "set", "train", "empty", "x.gif");
        _folder.Write(DataFiles.Image(8, 8, SKColors.Red, SKColors.Red), "set", "val", "wasps", "g.png");
        File.Copy(_folder.File("set", "train", "ants", "a.png"), _folder.File("set", "val", "ants", "same.png"));
        File.Copy(_folder.File("set", "train", "ants", "a.png"), _folder.File("set", "train", "ants", "twice.png"));
        var report = DataCheck.Run(_folder.Path);
        var data = Assert.Single(report.Datasets);
        Assert.Null(data.Official);
        Assert.Equal(["ants", "bees", "empty"], data.ClassNames);
        Assert.Equal([3, 2, 0], data.Splits[0].PerClass);
        Assert.Equal([2, 1, 0], data.Splits[1].PerClass);
        var errors = Errors(data);
        Assert.Equal(["bad.png", "empty", "wasps"], errors.Select(error => error.File));
        Assert.StartsWith("at its start, expected a JPEG, PNG, WebP or BMP image but found data that cannot be decoded (", errors[0].Message, StringComparison.Ordinal);
        Assert.Equal("the class has no training image (.jpg, .jpeg, .png, .webp, .bmp).", errors[1].Message);
        Assert.Equal("the class does not occur in train.", errors[2].Message);
        Assert.Equal((1, 1), (data.DuplicatesAcrossSplits, data.DuplicatesWithinTrain));
        Assert.Contains(new DataFinding(FindingSeverity.Warning, _folder.File("set", "val", "ants", "same.png"),
            $"the test image also occurs in the training images ({_folder.File("set", "train", "ants", "a.png")})."), data.Findings);
        Assert.Contains(new DataFinding(FindingSeverity.Warning, $"{_folder.Path}/set/val/empty", "the class has no test image (.jpg, .jpeg, .png, .webp, .bmp)."), data.Findings);
        Assert.Contains(new DataFinding(FindingSeverity.Warning, $"{_folder.Path}/set", "1 folder inside a class is not read: train/bees/more."), data.Findings);
        Assert.Contains(new DataFinding(FindingSeverity.Note, $"{_folder.Path}/set",
            "2 files are not part of the data set and are ignored: train/ants/readme.txt, train/empty/x.gif."), data.Findings);
        Assert.Contains(new DataFinding(FindingSeverity.Warning, $"{_folder.Path}/set",
            "train: the classes are unequal: 'ants' has 3 images, 'empty' has 0."), data.Findings);
    }

    [Fact]
    public void Run_ManyForeignFiles_SumsThemUp()
    {
        DataFiles.WriteImageFolder(_folder, "set");
        foreach (var number in Enumerable.Range(0, 5))
        {
            _folder.Write([9], "set", "train", "ants", $"{number}.txt");
            _folder.Write([9], "set", "val", "bees", $"{number}.GIF");
        }

        _folder.Write([9], "set", "train", "LICENSE");
        var note = Assert.Single(Assert.Single(DataCheck.Run(_folder.Path).Datasets).Findings, finding => finding.Message.Contains("not part", StringComparison.Ordinal));
        Assert.Equal("11 files are not part of the data set and are ignored (5 .gif, 5 .txt, 1 without ending): train/LICENSE, train/ants/0.txt, train/ants/1.txt, ....", note.Message);
    }

    [Fact]
    public void Run_FolderWithALinkToItself_ChecksItOnce()
    {
        DataFiles.WriteImageFolder(_folder, "set");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "again"), _folder.Path);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "other"), Path.Combine(_folder.Path, "again", "set"));
        Assert.Single(DataCheck.Run(_folder.Path).Datasets);
    }

    [Fact]
    public void Run_NothingThere_SaysWhatWasExpected()
    {
        var report = DataCheck.Run(_folder.Path);
        Assert.Empty(report.Datasets);
        Assert.True(report.HasErrors);
        Assert.StartsWith("no data set was recognised in it or below: expected ", Assert.Single(report.Findings).Message, StringComparison.Ordinal);
        Assert.Equal("the folder does not exist.", Assert.Single(DataCheck.Run(_folder.File("none")).Findings).Message);
    }

    [Fact]
    public void Run_DevelopmentMnist_IsOfficialAndClean()
    {
        var data = Assert.Single(DataCheck.Run(RealData.Folder("mnist")).Datasets);
        Assert.Equal(("MNIST", true), (data.Name, data.Official));
        Assert.Equal((60_000, 10_000), (data.Splits[0].Count, data.Splits[1].Count));
        Assert.Equal(980, data.Splits[1].PerClass[0]);
        Assert.Empty(data.Findings);
    }

    [Fact]
    public void Run_DevelopmentImageFolder_HasNoErrors()
    {
        var report = DataCheck.Run(RealData.Folder("hymenoptera_160"));
        Assert.False(report.HasErrors);
        Assert.Equal((244, 153), (report.Datasets[0].Splits[0].Count, report.Datasets[0].Splits[1].Count));
        Assert.Equal(397, report.Datasets[0].ImageSizes.Sum(size => size.Value));
    }

    private static (string File, string Message)[] Errors(CheckedDataset data) =>
        [.. data.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => (Path.GetFileName(finding.Path), finding.Message))];
}
