using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EndToEnd;

public sealed class CompareTests
{
    /// <summary>The synthetic recipe with two strategies and two seeds.</summary>
    private static readonly string[] Tiny = ["compare", "--config", Recipe("compare-synthetic.json"), "--run", "run", "--strategies", "direct,random", "--seeds", "0,1"];

    [Fact]
    public void Compare_KilledAndResumed_GivesTheSameResultAsAtOnce()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a"]);
        Directory.CreateDirectory(folder["b"]);
        var whole = Cli.Run(folder["a"], Tiny).Ends(0);
        Assert.Contains("direct-seed1: top-1", whole.Error, StringComparison.Ordinal);
        Assert.Contains("against random", whole.Output, StringComparison.Ordinal);

        Kill(folder["b"], Path.Combine("jobs", "direct-seed0", "search", "metrics.jsonl"), lines: 3);
        Kill(folder["b"], Path.Combine("jobs", "random-seed0", "train", "metrics.jsonl"), lines: 3);
        var resumed = Cli.Run(folder["b"], Tiny).Ends(0);
        Assert.Contains("4 jobs, 1 finished before", resumed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("direct-seed0: top-1", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(ResultOf(folder["a"]), ResultOf(folder["b"]));

        var rows = JsonNode.Parse(ResultOf(folder["a"]))!["rows"]!.AsArray();
        Assert.Equal(["direct", "random"], rows.Select(row => row!["strategy"]!.GetValue<string>()));
        Assert.All(rows, row => Assert.All(row!["jobs"]!.AsArray(), job =>
        {
            Assert.Equal("finished", job!["state"]!.GetValue<string>());
            Assert.InRange(Math.Abs(job["result"]!["ops_deviation"]!.GetValue<double>()), 0, 0.2);
            Assert.InRange(job["result"]!["top1"]!.GetValue<double>(), 0, 1);
        }));
        foreach (var file in (string[])["compare.html", "compare.md"])
        {
            Assert.True(new FileInfo(Path.Combine(folder["b"], "run", file)).Length > 500, $"{file} is missing or empty.");
        }

        // The report can be built again from the files of the jobs.
        var page = Path.Combine(folder["b"], "run", "compare.html");
        File.Delete(page);
        Assert.Contains("compare.html", Cli.Run(folder["b"], ["report", "run"]).Ends(0).Output, StringComparison.Ordinal);
        Assert.Contains("against random", File.ReadAllText(page), StringComparison.Ordinal);

        // All is done: the same command only prints it, and a row can be added to a comparison that stands.
        var again = Cli.Run(folder["b"], [.. Tiny, "--json"]).Ends(0);
        Assert.Equal(2, JsonNode.Parse(again.Output)!["rows"]!.AsArray().Count);
        Assert.Contains("4 jobs, 4 finished before", again.Error, StringComparison.Ordinal);
        Assert.Contains("target_ops", Cli.Run(folder["b"], [.. Tiny, "--target-ops", "9M"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_Plan_PrintsTheJobsAndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        var plan = JsonNode.Parse(Cli.Run(folder.Path, [.. Tiny, "--plan", "--json"]).Ends(0).Output)!;
        Assert.Equal(["direct-seed0", "random-seed0", "direct-seed1", "random-seed1"], plan["jobs"]!.AsArray().Select(job => job!["name"]!.GetValue<string>()));
        Assert.True(plan["seconds"]!.GetValue<double>() > 0);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Compare_WithBadOptions_SaysWhatIsWrong()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("Did you mean 'random'?", Cli.Run(folder.Path, [.. Tiny[..5], "--strategies", "randon"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--seeds must be a whole number, got 'x'.", Cli.Run(folder.Path, [.. Tiny[..5], "--seeds", "1,x"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("search: unknown key 'epoch'. Did you mean 'epochs'?", Cli.Run(folder.Path, [.. Tiny, "--set", "search.epoch=3"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--set must be KEY=VALUE", Cli.Run(folder.Path, [.. Tiny, "--set", "search.epochs"]).Ends(2).Error, StringComparison.Ordinal);
    }

    private static void Kill(string folder, string log, int lines)
    {
        using var process = Cli.Start(folder, Tiny);
        var path = Path.Combine(folder, "run", log);
        var watch = Stopwatch.StartNew();
        while (!File.Exists(path) || Lines(path) < lines)
        {
            Assert.False(process.HasExited, $"dcpnas ended early: {(process.HasExited ? process.StandardError.ReadToEnd() : "")}");
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), "dcpnas logs nothing.");
            Thread.Sleep(5);
        }

        process.Kill(); // SIGKILL
        process.WaitForExit();
    }

    private static int Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Count(c => c == '\n');
    }

    /// <summary>The result without times.</summary>
    private static string ResultOf(string folder)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run", "compare.json")))!;
        foreach (var job in json["rows"]!.AsArray().SelectMany(row => row!["jobs"]!.AsArray()))
        {
            job!["result"]!.AsObject().Remove("search_seconds");
            job["result"]!.AsObject().Remove("train_seconds");
        }

        return json.ToJsonString();
    }

    private static string Recipe(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "DcpNas.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "configs", name);
    }
}
