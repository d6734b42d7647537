using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EndToEnd;

public sealed class CompareTests
{
    /// <summary>The synthetic recipe with two strategies and two seeds.</summary>
    private static readonly string[] Tiny = ["compare", "--config", Cli.Recipe("compare-synthetic.json"), "--run", "run", "--strategies", "direct,random", "--seeds", "0,1"];

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
        foreach (var file in (string[])["compare.html", "compare.md", "compare.csv"])
        {
            Assert.True(new FileInfo(Path.Combine(folder["b"], "run", file)).Length > 500, $"{file} is missing or empty.");
        }

        // The report can be built again from the files of the jobs.
        var page = Path.Combine(folder["b"], "run", "compare.html");
        File.Delete(page);
        Assert.Contains("compare.html", Cli.Run(folder["b"], ["report", "run"]).Ends(0).Output, StringComparison.Ordinal);
        Assert.Contains("against random", File.ReadAllText(page), StringComparison.Ordinal);

        // Naming fewer drops nothing, and twenty images are printed as the little that they are.
        var fewer = Cli.Run(folder["b"], [.. Tiny[..5], "--strategies", "direct", "--seeds", "0"]).Ends(0);
        Assert.Equal(ResultOf(folder["a"]), ResultOf(folder["b"]));
        Assert.Contains("1 jobs, 1 finished before", fewer.Error, StringComparison.Ordinal);
        Assert.Contains("Primary row: direct.", fewer.Error, StringComparison.Ordinal);
        Assert.Contains("2 of 2", fewer.Output, StringComparison.Ordinal);
        Assert.Contains("20 test images are few: an accuracy of 50 % of one network stands for 30 to 70 % of 20 images.", fewer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("0.00 %", fewer.Output, StringComparison.Ordinal);

        // All is done: the same command only prints it, and a row can be added to a comparison that stands.
        var again = Cli.Run(folder["b"], [.. Tiny, "--json"]).Ends(0);
        Assert.Equal(2, JsonNode.Parse(again.Output)!["rows"]!.AsArray().Count);
        Assert.Contains("4 jobs, 4 finished before", again.Error, StringComparison.Ordinal);
        Assert.Contains("target_ops", Cli.Run(folder["b"], [.. Tiny, "--target-ops", "9M"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_RowsOfOnesOwn_SeedsApartAndRandomK_GiveACsvOfEveryTraining()
    {
        using var folder = new TemporaryFolder();
        string[] command =
        [
            "compare", "--config", Cli.Recipe("compare-synthetic.json"), "--run", "run", "--strategies", "direct,random_k", "--row", "given=Tangent_1", "--row",
            "wide=direct,search.channels=4", "--search-seeds", "5", "--train-seeds", "0,1", "--set", "train.epochs=1",
        ];
        var done = Cli.Run(folder.Path, command).Ends(0);
        Assert.Contains("Primary row: direct.", done.Error, StringComparison.Ordinal);
        Assert.Matches("random_k-seed5: best of [0-9]+ candidates?; top-1 [0-9]+ % of 20 test images, mean of 2 trainings", done.Error);

        string[][] csv = [.. File.ReadAllLines(Path.Combine(folder.Path, "run", "compare.csv")).Select(line => line.Split(','))];
        Assert.Equal(
            ["direct 5 0", "direct 5 1", "random_k 5 0", "random_k 5 1", "given  0", "given  1", "wide 5 0", "wide 5 1"], csv.Skip(1).Select(line => $"{line[0]} {line[2]} {line[3]}"));
        var cpu = double.Parse(csv[1][Array.IndexOf(csv[0], "search_cpu_seconds")], System.Globalization.CultureInfo.InvariantCulture);
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "run", "jobs", "random_k-seed5", "job.json")))!;
        Assert.Equal(cpu, record["selection"]!["budget_seconds"]!.GetValue<double>(), 1e-3);
        Assert.True(record["selection"]!["spent_seconds"]!.GetValue<double>() > 0);

        var page = File.ReadAllText(Path.Combine(folder.Path, "run", "compare.html"));
        Assert.Contains("href=\"jobs/direct-seed5/train-seed1/report.html\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"jobs/direct-seed5/search/report.html\"", page, StringComparison.Ordinal);

        Assert.Contains("primary: direct there, wide now", Cli.Run(folder.Path, [.. command, "--primary", "wide"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_WithAPopulation_GivesPercentilesOfNetworksOfItsWidth()
    {
        using var folder = new TemporaryFolder();
        var recipe = JsonNode.Parse(File.ReadAllText(Cli.Recipe("compare-synthetic.json")), documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
        var train = recipe["train"]!;
        train["epochs"] = 1;
        File.WriteAllText(folder["train.json"], train.ToJsonString());
        recipe.AsObject().Remove("target_ops");
        File.WriteAllText(folder["compare.json"], recipe.ToJsonString());
        Cli.Run(folder.Path, ["population", "--config", "train.json", "--genotypes", "3", "--run", "p", "--out", "t.jsonl"]).Ends(0);

        string[] command = ["compare", "--config", "compare.json", "--run", "run", "--strategies", "random", "--seeds", "0", "--equal-ops", "false"];
        var refused = Cli.Run(folder.Path, [.. command, "--population", "t.jsonl", "--set", "train.epochs=2"]).Ends(2);
        Assert.Contains("t.jsonl: a population of another testbed: train.epochs: 1 there, 2 here.", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));

        var done = Cli.Run(folder.Path, [.. command, "--population", "t.jsonl"]).Ends(0);
        Assert.Contains("Among the 3 random networks of the population", done.Output, StringComparison.Ordinal);
        Assert.Contains("every network of the width of train (random ones: ", done.Error, StringComparison.Ordinal);
        var job = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "compare.json")))!["rows"]![0]!["jobs"]![0]!;
        Assert.Equal(4, (int)job["result"]!["channels"]!);
        Assert.InRange((double)job["percentile"]!, 0, 100);

        // The folder keeps the table.
        File.Delete(folder["t.jsonl"]);
        File.Delete(Path.Combine(folder["run"], "compare.html"));
        Cli.Run(folder.Path, ["report", "run"]).Ends(0);
        Assert.Contains("Among the 3 random networks of the population", File.ReadAllText(Path.Combine(folder["run"], "compare.html")), StringComparison.Ordinal);
        Assert.Contains("1 finished before", Cli.Run(folder.Path, command).Ends(0).Error, StringComparison.Ordinal);
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
        Assert.Contains("--row must be NAME=BASE or NAME=BASE,KEY=VALUE", Cli.Run(folder.Path, [.. Tiny, "--row", "mine"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("rows.mine.search: unknown key 'lamda'. Did you mean 'lambda'?", Cli.Run(folder.Path, [.. Tiny, "--row", "mine=dcp,search.lamda=1"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--seeds must be absent where --search-seeds are given", Cli.Run(folder.Path, [.. Tiny, "--search-seeds", "1"]).Ends(2).Error, StringComparison.Ordinal);
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
            job.AsObject().Remove("search_cpu_seconds");
            foreach (var training in job["trainings"]!.AsArray())
            {
                training!["result"]!.AsObject().Remove("search_seconds");
                training["result"]!.AsObject().Remove("train_seconds");
            }
        }

        return json.ToJsonString();
    }
}
