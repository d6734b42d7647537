using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

public class MetricsTests
{
    [Fact]
    public void AppendThenRead_GivesEveryNumberBackBitForBit()
    {
        using var folder = new TemporaryFolder();
        var numbers = new[] { 0.1, 1.0 / 3, double.Epsilon, double.MaxValue, -0.0, 1e300, (double)0.1f, double.NaN, double.PositiveInfinity, double.NegativeInfinity };
        using (var log = new MetricsLog(folder["m"]))
        {
            foreach (var number in numbers)
            {
                log.Append(MetricRecord.OfStep(7, 1, 0, "parent_weights", number, 0.25));
            }
        }

        var read = MetricsReader.Read(folder["m"]);

        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), read.Select(record => BitConverter.DoubleToInt64Bits(record.Number("loss")!.Value)));
        Assert.Equal("""{"kind":"step","step":7,"epoch":1,"round":0,"phase":"parent_weights","loss":0.1,"seconds":0.25}""", File.ReadLines(folder["m"]).First());
        Assert.Equal("\"NaN\"", read[7].Json["loss"]!.ToJsonString());
    }

    [Fact]
    public void Append_AlphaAndEvent_HaveTheSchema()
    {
        using var folder = new TemporaryFolder();
        using (var log = new MetricsLog(folder["m"]))
        {
            log.Append(MetricRecord.OfAlpha(3, "child", "normal", [[0.25, 0.75], [1, 0]]));
            log.Append(MetricRecord.OfEvent(3, true, "collapse", "skip > 0.6 \"µ\"\n<b>"));
            log.Append(MetricRecord.OfEpoch(3, 1, "child").Set("new_field", 2.5));
        }

        Assert.Equal(
            [
                """{"kind":"alpha","epoch":3,"network":"child","cell":"normal","probabilities":[[0.25,0.75],[1,0]]}""",
                """{"kind":"event","epoch":3,"severity":"warning","name":"collapse","text":"skip > 0.6 \"µ\"\n<b>"}""",
                """{"kind":"epoch","epoch":3,"round":1,"phase":"child","new_field":2.5}""",
            ],
            File.ReadAllLines(folder["m"]));
        var read = MetricsReader.Read(folder["m"]);
        Assert.Equal([0.25, 0.75], read[0].Rows("probabilities")![0]);
        Assert.Equal(2.5, read[2].Number("new_field"));
        Assert.Null(read[2].Number("phase"));
        Assert.Null(read[2].Rows("probabilities"));
    }

    [Fact]
    public void Append_IsVisibleAtOnce()
    {
        using var folder = new TemporaryFolder();
        using var log = new MetricsLog(folder["m"]);
        log.Append(new MetricRecord("a"));
        Assert.Single(MetricsReader.Read(folder["m"]));
        Assert.Equal(new FileInfo(folder["m"]).Length, log.Position);
    }

    [Fact]
    public void TruncateTo_CheckpointPosition_GivesTheLogOfAnUninterruptedRun()
    {
        using var folder = new TemporaryFolder();
        long position;
        using (var log = new MetricsLog(folder["m"]))
        {
            log.Append(MetricRecord.OfStep(0, 0, 0, "p", 1, 1));
            position = log.Position;
            log.Append(MetricRecord.OfStep(1, 0, 0, "p", 99, 1));
        }

        File.AppendAllText(folder["m"], "{\"kind\":\"st");
        using (var log = new MetricsLog(folder["m"]))
        {
            Assert.True(log.TruncateTo(position));
            log.Append(MetricRecord.OfStep(1, 0, 0, "p", 2, 1));
        }

        Assert.Equal([1.0, 2.0], MetricsReader.Read(folder["m"]).Select(record => record.Number("loss")!.Value));
    }

    [Fact]
    public void Open_TornLastLine_RemovesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], "{\"kind\":\"a\"}\n{\"kind\":\"b\"");
        using (var log = new MetricsLog(folder["m"]))
        {
            log.Append(new MetricRecord("c"));
        }

        Assert.Equal(["{\"kind\":\"a\"}", "{\"kind\":\"c\"}"], File.ReadAllLines(folder["m"]));
    }

    [Fact]
    public void TruncateTo_MiddleOfALine_Throws()
    {
        using var folder = new TemporaryFolder();
        using var log = new MetricsLog(folder["m"]);
        log.Append(new MetricRecord("a"));

        var error = Assert.Throws<InputException>(() => log.TruncateTo(5));

        Assert.StartsWith($"{folder["m"]}: at byte 5, expected the end of a line", error.Message);
    }

    [Fact]
    public void TruncateTo_BeyondTheEnd_GoesOnAfterTheLastLine()
    {
        using var folder = new TemporaryFolder();
        using (var log = new MetricsLog(folder["m"]))
        {
            log.Append(new MetricRecord("a"));
            Assert.False(log.TruncateTo(1000));
            log.Append(new MetricRecord("b"));
        }

        Assert.Equal(["a", "b"], MetricsReader.Read(folder["m"]).Select(record => record.Kind));
    }

    [Fact]
    public void Read_EveryTruncation_GivesTheWholeLines()
    {
        using var folder = new TemporaryFolder();
        var text = "{\"kind\":\"a\"}\n{\"kind\":\"b\",\"x\":1}\n";
        for (var length = 0; length <= text.Length; length++)
        {
            File.WriteAllText(folder["m"], text[..length]);
            Assert.Equal(text[..length].Count(c => c == '\n'), MetricsReader.Read(folder["m"]).Count);
        }

        Assert.Empty(MetricsReader.Read(folder["none"]));
    }

    [Fact]
    public void Read_LongLines_CrossBufferBorders()
    {
        using var folder = new TemporaryFolder();
        var long1 = new string('x', 100_000);
        File.WriteAllText(folder["m"], $"{{\"t\":\"{long1}\"}}\n{{\"t\":\"y\"}}\n");
        Assert.Equal([long1, "y"], MetricsReader.Read(folder["m"]).Select(record => record.Text("t")));
    }

    [Fact]
    public void Read_BrokenLineInTheMiddle_NamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], "{}\nnonsense\n{}\n");
        var error = Assert.Throws<InputException>(() => MetricsReader.Read(folder["m"]));
        Assert.Equal($"{folder["m"]}: at line 2, expected a JSON object but found 'nonsense'. Remove the line, or use a copy of the file.", error.Message);
    }

    [Fact]
    public void Append_DiskFull_SaysSo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["m"], "/dev/full");
        var error = Assert.Throws<InputException>(() =>
        {
            using var log = new MetricsLog(folder["m"]);
            log.Append(new MetricRecord("a"));
        });
        Assert.StartsWith($"{folder["m"]}: cannot be written: ", error.Message);
    }
}
