using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.Tests.Runs;
using DcpNas.Watching;

namespace DcpNas.Tests.Watching;

/// <summary>What a page shows of run folders.</summary>
public sealed class WatchedFolderTests
{
    [Fact]
    public void Read_OfRunsAtAnyDepth_TellsKindStateAndProgress()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "deep/inside/search/options.json", """{ "strategy": "dcp" }""");
        Log(folder, "deep/inside/search", Epoch(0, 4, ("supernet_valid_top1", 0.25)), Epoch(1, 4, ("supernet_valid_top1", 0.5)));
        Write(folder, "train/options.json", """{ "validation_share": 0.1 }""");
        Log(folder, "train", Epoch(0, 1, ("valid_top1", 0.75)), MetricRecord.OfEvent(0, true, "small", "Few images."), MetricRecord.OfEvent(1, false, MetricFields.FinishedEvent, "Done."));
        Write(folder, "old/options.json", """{ "strategy": "cp" }""");
        Write(folder, "notes/readme.txt", "No run.");

        using var held = RunLock.Take(folder["deep/inside/search"]);
        var runs = ByPath(new WatchedFolder(folder.Path));

        Assert.Equal(["deep/inside/search", "old", "train"], runs.Keys.Order(StringComparer.Ordinal));
        var search = runs["deep/inside/search"];
        Assert.Equal(("search", "running", 2, 4, 0.5), ((string)search["kind"]!, (string)search["state"]!, (int)search["epoch"]!, (int)(double)search["epochs"]!, (double)search["share"]!));
        Assert.Equal([0.25, 0.5], search["curve"]!.AsArray().Select(value => (double)value!));
        Assert.Equal(4, (double)search["seconds_left"]!); // two epochs of 2 s each are left
        var train = runs["train"];
        Assert.Equal(("training", "finished", 1.0, 1), ((string)train["kind"]!, (string)train["state"]!, (double)train["share"]!, (int)train["warnings"]!));
        Assert.Equal(0.75, (double)train["figures"]!["valid_top1"]!);
        Assert.Equal("stopped", (string)runs["old"]["state"]!);
        Assert.Null(runs["old"]["share"]);
    }

    [Fact]
    public void Read_Again_TellsWhatWasAddedAndForgetsWhatIsGone()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "run/options.json", """{ "strategy": "dcp" }""");
        Write(folder, "gone/options.json", """{ "strategy": "dcp" }""");
        Log(folder, "run", Epoch(0, 2, ("supernet_valid_top1", 0.25)));
        var watched = new WatchedFolder(folder.Path);
        Assert.Equal(1, (int)ByPath(watched)["run"]["epoch"]!);

        Log(folder, "run", Epoch(0, 2, ("supernet_valid_top1", 0.25)), Epoch(1, 2, ("supernet_valid_top1", 0.5)));
        Directory.Delete(folder["gone"], recursive: true);

        var runs = ByPath(watched);
        Assert.Equal(2, (int)runs["run"]["epoch"]!);
        Assert.Single(runs);
        var detail = watched.Detail("run")!;
        Assert.Equal("[[1,0.25],[2,0.5]]", detail["curves"]!["supernet_valid_top1"]!.ToJsonString());
        Assert.Null(watched.Detail("gone"));

        // A log that is damaged is named, and the others are shown all the same.
        File.AppendAllText(Path.Combine(folder["run"], "metrics.jsonl"), "{ nonsense\n");
        Assert.Contains("line 3", (string)ByPath(watched)["run"]["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAComparison_TellsLeadersAndFailedJobs()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "c/options.json", """{ "strategies": ["dcp"] }""");
        Write(folder, "c/compare.json", """{ "rows": [ { "strategy": "random", "top1": { "count": 2, "mean": 0.5 } }, { "strategy": "dcp", "top1": { "count": 2, "mean": 0.7, "interval_low": 0.6 }, "against_random": { "p_holm": 0.01 } }, { "strategy": "none yet", "top1": null } ] }""");
        Write(folder, "c/jobs/dcp-seed0/job.json", """{ "state": "finished" }""");
        Write(folder, "c/jobs/dcp-seed1/job.json", """{ "state": "failed", "error": "Boom." }""");
        Write(folder, "c/jobs/dcp-seed1/worker.log", "1\n2\n3\n4\n5\n6\n");
        Write(folder, "c/jobs/dcp-seed2/job.json", """{ "state": "begun" }""");
        Write(folder, "c/jobs/dcp-seed3/job.json", """{ "state": "begun" }""");

        using var held = RunLock.Take(folder["c/jobs/dcp-seed2"]);
        var run = ByPath(new WatchedFolder(folder.Path))["c"];

        Assert.Equal(("comparison", "running", 1, 1), ((string)run["kind"]!, (string)run["state"]!, (int)run["finished"]!, (int)run["failed"]!));
        Assert.Equal(["finished", "failed", "running", "stopped"], run["jobs"]!.AsArray().Select(job => (string)job!["state"]!));
        Assert.Equal(("Boom.", "2\n3\n4\n5\n6"), ((string)run["jobs"]![1]!["error"]!, (string)run["jobs"]![1]!["last_lines"]!));
        Assert.Equal(["dcp", "random"], run["leaders"]!.AsArray().Select(row => (string)row!["row"]!));
    }

    [Theory]
    [InlineData("run/report.html", true)]
    [InlineData("run/options.json", false)]
    [InlineData("run/missing.html", false)]
    [InlineData("../outside.html", false)]
    [InlineData("run/../../outside.html", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("link.html", false)]
    [InlineData("linked/outside.html", false)]
    public void PageFile_GivesPagesBelowTheFolderAlone(string path, bool isGiven)
    {
        using var outer = new TemporaryFolder();
        Write(outer, "outside.html", "secret");
        Write(outer, "watched/run/options.json", "{}");
        Write(outer, "watched/run/report.html", "page");
        File.CreateSymbolicLink(outer["watched/link.html"], outer["outside.html"]);
        Directory.CreateSymbolicLink(outer["watched/linked"], outer.Path);

        Assert.Equal(isGiven ? outer["watched/run/report.html"] : null, new WatchedFolder(outer["watched"]).PageFile(path));
    }

    private static Dictionary<string, JsonNode> ByPath(WatchedFolder watched) =>
        watched.Read()["runs"]!.AsArray().ToDictionary(run => (string)run!["path"]!, run => run!);

    private static MetricRecord Epoch(int epoch, int epochs, (string Name, double Value) measure) =>
        MetricRecord.OfEpoch(epoch, 0, "parent").Set(MetricFields.Epochs, epochs).Set(MetricFields.Seconds, 2.0).Set(measure.Name, measure.Value);

    private static void Log(TemporaryFolder folder, string run, params MetricRecord[] records) =>
        Write(folder, $"{run}/metrics.jsonl", string.Concat(records.Select(record => record.Json.ToJsonString() + "\n")));

    private static void Write(TemporaryFolder folder, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], text);
    }
}
