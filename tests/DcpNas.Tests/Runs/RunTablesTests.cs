using System.Text.Json.Nodes;
using DcpNas.Native;
using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

/// <summary>The log as tables.</summary>
public class RunTablesTests
{
    public RunTablesTests() => LibTorch.Load();

    [Fact]
    public void Of_ValuesOfAllKinds_QuotesWhatNeedsItAndKeepsNumbersExact() => Assert.Equal(
        "a,\"b,c\"\n1,0.1\n\"x \"\"y\"\"\",\n\"\",NaN\n\"two\nlines\",inf\n-inf,0.30000000000000004\n",
        CsvText.Of(["a", "b,c"],
        [
            [1L, 0.1], ["x \"y\"", null], ["", double.NaN], ["two\nlines", double.PositiveInfinity], [double.NegativeInfinity, 0.1 + 0.2],
        ]));

    [Fact]
    public void Alpha_OfALog_NamesEdgesAndOperationsOneNumberARow()
    {
        var rows = Enumerable.Range(0, 14).Select(edge => Enumerable.Range(0, 8).Select(operation => ((8 * edge) + operation) / 1000.0).ToArray()).ToArray();
        var history = new RunHistory([MetricRecord.OfAlpha(0, "parent", "normal", rows), MetricRecord.OfAlpha(3, "child", "reduction", rows)]);

        var lines = RunTables.Alpha(history).TrimEnd('\n').Split('\n');

        Assert.Equal(1 + (2 * 14 * 8), lines.Length);
        Assert.Equal("epoch,network,cell,edge,node,input,operation,probability", lines[0]);
        Assert.Equal("0,parent,normal,0->2,2,0,none,0", lines[1]);
        Assert.Equal("0,parent,normal,0->2,2,0,skip_connect,0.001", lines[2]);
        Assert.Equal("3,child,reduction,4->5,5,4,dil_conv_5x5,0.111", lines[^1]);
    }

    [Fact]
    public void Alpha_OfRowsOfAnotherSearchSpace_LeavesThemOut() => Assert.Equal(
        "epoch,network,cell,edge,node,input,operation,probability\n",
        RunTables.Alpha(new RunHistory([MetricRecord.OfAlpha(0, "parent", "normal", [[0.5, 0.5]]), new MetricRecord(MetricFields.Alpha)])));

    [Fact]
    public void Epochs_WithFieldsThatSomeLack_LeavesTheirPlacesEmpty()
    {
        var history = new RunHistory(
        [
            MetricRecord.OfEpoch(0, 0, "warmup").Set("parent_loss", double.NaN).Set("genotype", "normal: n2[a, b]"),
            MetricRecord.OfEpoch(1, 0, "child").Set("child_loss", 0.25).Set("decision", new JsonObject { ["decided"] = true }),
        ]);

        Assert.Equal("epoch,round,phase,parent_loss,genotype,child_loss\n0,0,warmup,NaN,\"normal: n2[a, b]\",\n1,0,child,,,0.25\n", RunTables.Epochs(history));
    }

    [Fact]
    public void Write_OfARun_LeavesTablesThatAnIndependentReaderReads()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Start(folder["run"], SyntheticRun.Options, RunEnvironment.Collect("cpu"), "dcpnas search");
        using (var log = new RunLog(run, events: false))
        {
            SyntheticRun.Write(log, 20);
        }

        Assert.Equal([run.PathOf("epochs.csv"), run.PathOf("alpha.csv")], RunTables.Write(run));

        var epochs = Python.Run("import csv,sys; rows=list(csv.DictReader(open(sys.argv[1]))); print(len(rows), rows[19]['epoch'], rows[19]['phase'])", run.PathOf("epochs.csv"));
        Assert.Equal("20 19 child", epochs.Trim());
        var alpha = Python.Run(
            """
            import csv,sys,collections
            sums=collections.defaultdict(float)
            for row in csv.DictReader(open(sys.argv[1])): sums[row['epoch'],row['network'],row['cell'],row['edge']]+=float(row['probability'])
            print(len(sums)%14, max(abs(value-1) for value in sums.values())<1e-6, len({key[3] for key in sums}))
            """,
            run.PathOf("alpha.csv"));
        Assert.Equal("0 True 14", alpha.Trim());
    }

    [Fact]
    public void Write_OfATraining_LeavesNoTableOfAlpha()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Start(folder["run"], new JsonObject { ["validation_share"] = 0.1 }, RunEnvironment.Collect("cpu"), "dcpnas train");

        Assert.Equal([run.PathOf("epochs.csv")], RunTables.Write(run));
        Assert.Equal("epoch\n", File.ReadAllText(run.PathOf("epochs.csv")));
    }
}
