using System.Text.Json.Nodes;

namespace EndToEnd;

public sealed class SelectTests
{
    [Fact]
    public void Select_OnAFinishedSearch_LeavesAGenotypeThatTrainTakes()
    {
        using var folder = new TemporaryFolder();
        Cli.Run(folder.Path, ["search", .. Cli.TinySearch, "--run", "s"]).Ends(0);
        string[] training =
        [
            "--dataset", "synthetic", "--train-images", "40", "--test-images", "20", "--cells", "1", "--channels", "2", "--stem-multiplier", "1", "--epochs", "4", "--two-step", "false",
            "--batch-size", "12", "--threads", "1", "--workers", "0", "--reestimate-images", "0",
        ];

        var selected = Cli.Run(folder.Path, ["select", "s", .. training, "--candidates", "2"]).Ends(0);

        Assert.Contains("1, argmax of alpha", selected.Output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("s", "selection", "genotype.json"), selected.Output, StringComparison.Ordinal);
        Assert.Contains("each trained for 1 epoch a step", selected.Error, StringComparison.Ordinal);
        Assert.Contains("validation loss", File.ReadAllText(Path.Combine(folder["s"], "report.html")), StringComparison.Ordinal);
        var again = JsonNode.Parse(Cli.Run(folder.Path, ["select", "s", .. training, "--candidates", "3", "--json"]).Ends(0).Output)!;
        Assert.Equal(3, again["rows"]!.AsArray().Count);
        Cli.Run(folder.Path, ["train", .. training, "--genotype", Path.Combine("s", "selection", "genotype.json"), "--run", "t"]).Ends(0);

        Assert.Contains("candidates must be 1 to 1000, got 0.", Cli.Run(folder.Path, ["select", "s", .. training, "--candidates", "0"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--candidates must be a whole number", Cli.Run(folder.Path, ["select", "s", "--candidates", "many"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected the options of a search", Cli.Run(folder.Path, ["select", "t", .. training]).Ends(2).Error, StringComparison.Ordinal);
        var other = Cli.Run(folder.Path, ["select", "s", .. training, "--rate", "0.5"]).Ends(2).Error;
        Assert.Contains("rate", other, StringComparison.Ordinal);
        Assert.Contains("missing", Cli.Run(folder.Path, ["select", "missing", .. training]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_InProcessesSideBySide_KilledAndResumed_ChoosesAsOneProcess()
    {
        using var folder = new TemporaryFolder();
        Cli.Run(folder.Path, ["search", .. Cli.TinySearch, "--run", "one"]).Ends(0);
        Directory.CreateDirectory(folder["two"]);
        foreach (var file in Directory.EnumerateFiles(folder["one"]))
        {
            File.Copy(file, Path.Combine(folder["two"], Path.GetFileName(file)));
        }

        string[] options =
        [
            "--dataset", "synthetic", "--train-images", "40", "--test-images", "20", "--cells", "1", "--channels", "2", "--stem-multiplier", "1", "--epochs", "60", "--two-step", "false",
            "--batch-size", "12", "--threads", "1", "--workers", "0", "--reestimate-images", "0", "--candidates", "3",
        ];
        var expected = Cli.Run(folder.Path, ["select", "one", .. options, "--json"]).Ends(0);

        using (var killed = Cli.Start(folder.Path, ["select", "two", .. options, "--jobs", "2"]))
        {
            Cli.WaitFor(killed, () => Log(0).Length > 0 && Log(1).Length > 0); // both at a time
            killed.Kill();
            killed.WaitForExit();
        }

        Cli.WaitFor(null, () => Enumerable.Range(0, 3).All(number => !File.Exists(folder[$"two/selection/candidates/{number}/run.holder.json"])));
        var logs = Enumerable.Range(0, 3).Select(Log).ToList();
        Cli.Run(folder.Path, ["job", "two/selection", "2"]).Ends(0); // one of them by hand
        var resumed = Cli.Run(folder.Path, ["select", "two", .. options, "--jobs", "2", "--json"]).Ends(0);

        Assert.All(logs.Index(), log => Assert.StartsWith(log.Item, Log(log.Index), StringComparison.Ordinal)); // nothing is done twice
        Assert.Equal(Rows(expected.Output), Rows(resumed.Output));
        Assert.Contains("has no candidate '3'. Its candidates are 0 to 2.", Cli.Run(folder.Path, ["job", "two/selection", "3"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("Run select --jobs N first.", Cli.Run(folder.Path, ["job", "one/selection", "0"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--jobs must be 1 to 1024, got 0.", Cli.Run(folder.Path, ["select", "two", .. options, "--jobs", "0"]).Ends(2).Error, StringComparison.Ordinal);

        string Log(int number) => folder[$"two/selection/candidates/{number}/metrics.jsonl"] is var path && File.Exists(path) ? File.ReadAllText(path) : "";

        static List<string> Rows(string output) =>
            [$"{JsonNode.Parse(output)!["selected"]}", .. JsonNode.Parse(output)!["rows"]!.AsArray().Select(row => $"{row!["genotype"]} {row["valid_loss"]}")];
    }
}
