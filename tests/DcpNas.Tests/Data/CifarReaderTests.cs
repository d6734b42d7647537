using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class CifarReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin")]
    [InlineData("deep/nested/cifar")]
    public void Open_FolderOrOneAbove_FindsTheFiles(string inner)
    {
        DataFiles.WriteCifar10(_folder, inner);
        var data = DataFiles.OpenSmall("cifar10", _folder.Path);
        Assert.Equal((10, 2), (data.Train.Count, data.Test.Count));
        Assert.Equal("CIFAR-10 (not the official files)", data.Name);
        Assert.Equal((3, 32, 32), (data.Train.Channels, data.Train.Height, data.Train.Width));
        Assert.Equal([0, 1, 1, 2, 2, 3, 3, 4, 4, 5], Enumerable.Range(0, 10).Select(data.Train.Label));
        Assert.Equal("airplane", data.Train.ClassNames[0]);
        var pixels = new byte[3072];
        data.Train.ReadPixels(5, pixels);
        Assert.All(pixels, value => Assert.Equal(12, value));
    }

    [Fact]
    public void Open_PathOfAFile_FindsItsFolder()
    {
        DataFiles.WriteCifar10(_folder, "x");
        Assert.Equal(10, DataFiles.OpenSmall("cifar10", _folder.File("x", "data_batch_3.bin")).Train.Count);
    }

    [Fact]
    public void ReadPixels_PlanesDiffer_KeepsTheirOrder()
    {
        DataFiles.WriteCifar10(_folder, "");
        byte[] record = [3, .. Enumerable.Range(0, 3072).Select(i => (byte)(i % 251))];
        _folder.Write(record, "test_batch.bin");
        var pixels = new byte[3072];
        DataFiles.OpenSmall("cifar10", _folder.Path).Test.ReadPixels(0, pixels);
        Assert.Equal(record[1..], pixels);
    }

    [Fact]
    public void Open_Cifar100_TakesFineLabelsAndNames()
    {
        _folder.Write([7, 42, .. new byte[3072], 7, 99, .. new byte[3072]], "cifar-100-binary", "train.bin");
        _folder.Write([0, 1, .. new byte[3072]], "cifar-100-binary", "test.bin");
        File.WriteAllLines(_folder.File("cifar-100-binary", "fine_label_names.txt"), Enumerable.Range(0, 100).Select(i => $"name{i}"));
        var data = DataFiles.OpenSmall("cifar100", _folder.Path);
        Assert.Equal([42, 99], Enumerable.Range(0, 2).Select(data.Train.Label));
        Assert.Equal("name42", data.Train.ClassNames[42]);
        Assert.Equal("CIFAR-100 (not the official files)", data.Name);
    }

    [Fact]
    public void Open_FileMissing_NamesIt()
    {
        DataFiles.WriteCifar10(_folder, "");
        var path = _folder.File("data_batch_4.bin");
        File.Delete(path);
        var error = Assert.Throws<InputException>(() => DataFiles.OpenSmall("cifar10", _folder.Path));
        Assert.Equal($"{path}: the file is missing. CIFAR-10 needs data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, "
            + "test_batch.bin. Download the archive again.", error.Message);
    }

    [Fact]
    public void Open_FileLocked_NamesIt()
    {
        DataFiles.WriteCifar10(_folder, "");
        var path = _folder.File("data_batch_1.bin");
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = Assert.Throws<InputException>(() => DataFiles.OpenSmall("cifar10", _folder.Path));
        Assert.StartsWith($"{path}: cannot be read: ", error.Message, StringComparison.Ordinal);
        var finding = DataFiles.CheckSmall(_folder.Path).Datasets[0].Findings[0];
        Assert.Equal((FindingSeverity.Error, path), (finding.Severity, finding.Path));
    }

    [Fact]
    public void Open_FileTruncated_SaysWhere()
    {
        DataFiles.WriteCifar10(_folder, "");
        var path = _folder.Write(DataFiles.Cifar10(0, 1, 2)[..4000], "data_batch_2.bin");
        var error = Assert.Throws<InputException>(() => DataFiles.OpenSmall("cifar10", _folder.Path));
        Assert.Equal($"{path}: at byte 3073, expected a record of 3073 bytes but found 927 bytes before the end of the file. "
            + "The file is truncated: download the archive again.", error.Message);
    }

    [Fact]
    public void Open_FileCutAtARecord_NamesIt()
    {
        WriteFullFiles();
        var path = _folder.Write(new byte[100 * 3073], "data_batch_3.bin");
        var error = Assert.Throws<InputException>(() => DatasetCatalog.Open("cifar10", _folder.Path));
        Assert.Equal($"{path}: at its end, expected 10000 images but found 100. Download the archive again.", error.Message);
        var report = DataCheck.Run(_folder.Path);
        Assert.True(report.HasErrors);
        Assert.Equal(
            [new DataFinding(FindingSeverity.Error, path, "at its end, expected 10000 images but found 100.")],
            report.Datasets[0].Findings.Where(finding => finding.Severity == FindingSeverity.Error));
    }

    [Fact]
    public void Open_FilesAreSymbolicLinks_ReadsTheirTargets()
    {
        DataFiles.WriteCifar10(_folder, "store");
        foreach (var file in CifarFormat.Cifar10.AllFiles)
        {
            File.CreateSymbolicLink(_folder.File("linked", file), _folder.File("store", file));
        }

        Assert.Equal((10, 2), (DataFiles.OpenSmall("cifar10", _folder.File("linked")).Train.Count, DataFiles.OpenSmall("cifar10", _folder.File("linked")).Test.Count));
    }

    [Fact]
    public void Open_LabelOutOfRange_SaysWhere()
    {
        DataFiles.WriteCifar10(_folder, "");
        var path = _folder.Write(DataFiles.Cifar10(0, 1, 10), "test_batch.bin");
        var error = Assert.Throws<InputException>(() => DataFiles.OpenSmall("cifar10", _folder.Path));
        Assert.Equal($"{path}: at record 1 (byte 3073), expected a label from 0 to 9 but found 10. Download the archive again.", error.Message);
    }

    [Fact]
    public void Open_NamesIncomplete_NamesTheFile()
    {
        DataFiles.WriteCifar10(_folder, "");
        File.WriteAllText(_folder.File("batches.meta.txt"), "airplane\nbird\n");
        var error = Assert.Throws<InputException>(() => DataFiles.OpenSmall("cifar10", _folder.Path));
        Assert.Equal($"{_folder.File("batches.meta.txt")}: at its end, expected 10 class names, one per line but found 2. Download the archive again.", error.Message);
    }

    [Fact]
    public void NameOf_KnownChecksums_TellsOfficialFilesFromTheCopy()
    {
        foreach (var known in CifarFormat.Cifar10.Known)
        {
            Assert.Equal((known.Name, known.Official), CifarFormat.Cifar10.NameOf(known.Checksums));
        }

        // One file of the copy among the official ones is neither.
        string[] mixed = [CifarFormat.Cifar10.Known[1].Checksums[0], .. CifarFormat.Cifar10.Known[0].Checksums[1..]];
        Assert.Equal(("CIFAR-10 (not the official files)", false), CifarFormat.Cifar10.NameOf(mixed));
    }

    private void WriteFullFiles()
    {
        foreach (var file in CifarFormat.Cifar10.AllFiles)
        {
            _folder.Write(new byte[10_000 * 3073], file);
        }
    }

    [Fact]
    public void Open_DevelopmentCopy_IsNotCalledOfficial()
    {
        var data = DatasetCatalog.Open("cifar10", RealData.Folder("cifar-10-batches-bin"));
        Assert.Equal("CIFAR-10 (JPEG q75 copy)", data.Name);
        Assert.Equal((50_000, 10_000), (data.Train.Count, data.Test.Count));
        Assert.All(Enumerable.Range(0, 50_000).CountBy(data.Train.Label), label => Assert.Equal(5000, label.Value));
        Assert.All(Enumerable.Range(0, 10_000).CountBy(data.Test.Label), label => Assert.Equal(1000, label.Value));

        // JPEG changes single pixels, not means: the published constants hold for the copy too.
        var measured = ChannelStatistics.Measure(data.Train, 10_000);
        for (var channel = 0; channel < 3; channel++)
        {
            Assert.Equal(DatasetTable.Find("cifar10")!.Statistics!.Mean[channel], measured.Mean[channel], 0.005);
            Assert.Equal(DatasetTable.Find("cifar10")!.Statistics!.StandardDeviation[channel], measured.StandardDeviation[channel], 0.005);
        }
    }
}
