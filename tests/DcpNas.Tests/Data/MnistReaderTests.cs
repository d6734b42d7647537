using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class MnistReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public MnistReaderTests() => DataFiles.WriteMnist(_folder, "MNIST/raw");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_PlainCompressedAndDottedNames_ReadsThem()
    {
        var data = DatasetCatalog.Open("mnist", _folder.Path);
        Assert.Equal("MNIST (not the official files)", data.Name);
        Assert.Equal((3, 2, 1, 2, 4), (data.Train.Count, data.Test.Count, data.Train.Channels, data.Train.Height, data.Train.Width));
        Assert.Equal([5, 0, 9], Enumerable.Range(0, 3).Select(data.Train.Label));
        var pixels = new byte[8];
        data.Test.ReadPixels(1, pixels);
        Assert.Equal([108, 109, 110, 111, 112, 113, 114, 115], pixels);
    }

    [Fact]
    public void Open_DevelopmentFiles_AreTheOfficialOnes()
    {
        var data = DatasetCatalog.Open("mnist", RealData.Folder("mnist"));
        Assert.Equal("MNIST", data.Name);
        Assert.Equal((60_000, 10_000), (data.Train.Count, data.Test.Count));
        Assert.Equal([5, 0, 4, 1, 9], Enumerable.Range(0, 5).Select(data.Train.Label));
        var measured = ChannelStatistics.Measure(data.Train);
        Assert.Equal(DatasetTable.Find("mnist")!.Statistics!.Mean[0], measured.Mean[0], 1e-7);
        Assert.Equal(DatasetTable.Find("mnist")!.Statistics!.StandardDeviation[0], measured.StandardDeviation[0], 1e-7);
        Assert.False(data.Augmentation.HorizontalFlip);
    }

    [Fact]
    public void Open_FileMissing_NamesIt()
    {
        File.Delete(_folder.File("MNIST/raw", "t10k-labels.idx1-ubyte"));
        AssertMessage($"{_folder.File("MNIST/raw", "t10k-labels-idx1-ubyte")}: the file is missing, also as .gz. MNIST needs train-images-idx3-ubyte, "
            + "train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte. Download the files again.");
    }

    [Fact]
    public void Open_WrongMagicNumber_SaysWhatStandsThere()
    {
        var path = _folder.Write(DataFiles.Idx(0x801, [3, 2, 4], new byte[24]), "MNIST/raw", "train-images-idx3-ubyte");
        AssertMessage($"{path}: at byte 0, expected the magic number 0x00000803 (3-dimensional bytes) but found 0x00000801. Download the file again.");
    }

    [Fact]
    public void Open_Truncated_SaysBothLengths()
    {
        var path = _folder.Write(DataFiles.Idx(0x803, [3, 2, 4], new byte[20]), "MNIST/raw", "train-images-idx3-ubyte");
        AssertMessage($"{path}: at its end, expected 40 bytes for 3 x 2 x 4 elements but found 36 bytes. Download the file again.");
    }

    [Fact]
    public void Open_HeaderTruncated_SaysTheLength()
    {
        var path = _folder.Write([0, 0, 8], "MNIST/raw", "train-images-idx3-ubyte");
        AssertMessage($"{path}: at byte 0, expected a header of 16 bytes but found a file of 3 bytes. Download the file again.");
    }

    [Fact]
    public void Open_SizeNotPositive_SaysWhere()
    {
        var path = _folder.Write(DataFiles.Idx(0x803, [3, -2, 4], []), "MNIST/raw", "train-images-idx3-ubyte");
        AssertMessage($"{path}: at byte 8, expected a size of at least 1 but found -2. Download the file again.");
    }

    [Fact]
    public void Open_SizesOverflow_IsRefused()
    {
        var path = _folder.Write(DataFiles.Idx(0x803, [int.MaxValue, int.MaxValue, int.MaxValue], []), "MNIST/raw", "train-images-idx3-ubyte");
        AssertMessage($"{path}: at its end, expected 2147483663 bytes for 2147483647 x 2147483647 x 2147483647 elements but found 16 bytes. Download the file again.");
    }

    [Fact]
    public void Open_FewerLabelsThanImages_NamesBoth()
    {
        var path = _folder.Write(DataFiles.Gzip(DataFiles.Idx(0x801, [2], [1, 2])), "MNIST/raw", "train-labels-idx1-ubyte.gz");
        AssertMessage($"{path}: at byte 4, expected 3 labels, one per image of {_folder.File("MNIST/raw", "train-images-idx3-ubyte")} but found 2. "
            + "Download both files again.");
    }

    [Fact]
    public void Open_LabelOutOfRange_SaysWhere()
    {
        var path = _folder.Write(DataFiles.Gzip(DataFiles.Idx(0x801, [3], [1, 11, 2])), "MNIST/raw", "train-labels-idx1-ubyte.gz");
        AssertMessage($"{path}: at label 1 (byte 9), expected a label from 0 to 9 but found 11. Download the file again.");
    }

    [Fact]
    public void Open_DamagedGzip_SaysSo()
    {
        var path = _folder.Write([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "MNIST/raw", "train-labels-idx1-ubyte.gz");
        AssertMessage($"{path}: at uncompressed byte 0, expected gzip data but found damaged data. Download the file again.");
    }

    [Fact]
    public void Open_TruncatedGzip_NamesTheFile()
    {
        var content = new byte[100_000];
        new SeededRandom(1).NextBytes(content);
        var path = _folder.Write(DataFiles.Gzip(DataFiles.Idx(0x801, [100_000], content))[..50_000], "MNIST/raw", "train-labels-idx1-ubyte.gz");
        var error = Assert.Throws<InputException>(() => DatasetCatalog.Open("mnist", _folder.Path));
        Assert.StartsWith($"{path}: at ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Download the file again.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TestImagesOfAnotherSize_NamesBoth()
    {
        var path = _folder.Write(DataFiles.Gzip(DataFiles.Idx(0x803, [2, 4, 2], new byte[16])), "MNIST/raw", "t10k-images-idx3-ubyte.gz");
        AssertMessage($"{path}: at byte 8, expected images of 2 x 4 pixels as in {_folder.File("MNIST/raw", "train-images-idx3-ubyte")} but found 4 x 2. "
            + "Keep files of one data set in a folder.");
    }

    private void AssertMessage(string expected) =>
        Assert.Equal(expected, Assert.Throws<InputException>(() => DatasetCatalog.Open("mnist", _folder.Path)).Message);
}
