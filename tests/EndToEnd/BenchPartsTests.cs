using DcpNas.Cli.Bench;
using DcpNas.Cli.Display;

namespace EndToEnd;

/// <summary>What <c>dcpnas bench</c> reads and prints.</summary>
public class BenchPartsTests
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1,2")]
    [InlineData(6, "1,2,4,6")]
    [InlineData(1000, "1,2,4,8,16,32,64,128,256")]
    public void Doubling_OfProcessors_EndsWithThem(int processors, string expected) => Assert.Equal(expected, string.Join(',', BenchOptions.Doubling(processors)));

    [Fact]
    public void ReadThreads_OfAList_IsSortedAndDistinct() => Assert.Equal([1, 2, 16], BenchOptions.ReadThreads("16, 1,2,1"));

    [Theory]
    [InlineData("")]
    [InlineData("1,")]
    [InlineData("two")]
    [InlineData("1;2")]
    public void ReadThreads_OfAnythingElse_SaysWhatIsExpected(string text) => Assert.Equal(
        $"--threads must be whole numbers from 1 to {Environment.ProcessorCount}, the processors of this machine, separated by commas, got '{text}'.", Assert.Throws<InputException>(() => BenchOptions.ReadThreads(text)).Message);

    [Fact]
    public void Problems_OfWrongOptions_ListsAll()
    {
        Assert.Empty(new BenchOptions().Problems());
        Assert.Equal(
            [
                $"--threads must be whole numbers from 1 to {Environment.ProcessorCount}, the processors of this machine, separated by commas, got '0,300'.",
                "--seconds must be above 0 and at most 3600, got NaN.",
                "--batch must be from 1 to 4096, got 0.",
                "--against must be onnxruntime, got 'tvm'.",
                "--out must name a folder, got ''.",
            ],
            new BenchOptions { Threads = [0, 300], Seconds = double.NaN, Batch = 0, Against = "tvm", Out = "" }.Problems());
    }

    [Fact]
    public void Spread_OfMeasurements_IsMedianAndDeciles()
    {
        Assert.Equal(new Spread(6, 2, 10), Spread.Of(Enumerable.Range(1, 11).Reverse().Select(value => (double)value)));
        Assert.Equal("3 3 3", $"{Spread.Of([3]).Low} {Spread.Of([3]).Median} {Spread.Of([3]).High}");
        Assert.Equal("12.35 (0.5000 to 1234.0)", $"{new Spread(12.345678, 0.5, 1234)}");
    }

    [Fact]
    public void Columns_OfRows_AlignAndEscape()
    {
        List<string[]> rows = [["name", "n"], ["a|b", "12"], ["longer", "3"]];
        Assert.Equal(["name     n", "a|b     12", "longer   3"], Columns.Align(rows, 1));
        Assert.Equal(["| name | n |", "| --- | --: |", "| a\\|b | 12 |", "| longer | 3 |"], Columns.Markdown(rows, 1));
    }
}
