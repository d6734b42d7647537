using System.Text.Json.Nodes;

namespace EndToEnd;

public sealed class PopulationTests
{
    private static readonly string[] Training =
    [
        "--dataset", "synthetic", "--train-images", "40", "--test-images", "20", "--cells", "1", "--channels", "2", "--stem-multiplier", "1", "--epochs", "2", "--two-step", "false",
        "--batch-size", "12", "--threads", "1", "--workers", "0", "--reestimate-images", "0",
    ];

    [Fact]
    public void Population_KilledAndResumed_GoesOnAndLeavesTheTable()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["population", .. Training, "--genotypes", "3", "--run", "p", "--out", "t.jsonl"];
        var log = Path.Combine(folder["p"], "jobs", "random-2-training-0", "metrics.jsonl");
        using (var killed = Cli.Start(folder.Path, command))
        {
            while (!killed.HasExited && (!File.Exists(log) || File.ReadAllLines(log).Length < 2))
            {
                Thread.Sleep(20);
            }

            killed.Kill();
            killed.WaitForExit();
        }

        var resumed = Cli.Run(folder.Path, command).Ends(0);
        Assert.Contains("3 trainings, 1 finished before.", resumed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("random-1-training-0: top-1", resumed.Error, StringComparison.Ordinal);
        Assert.Contains("3 genotypes, 3 trainings", resumed.Output, StringComparison.Ordinal);
        var lines = File.ReadAllLines(folder["t.jsonl"]).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("dcpnas-population-1", (string)lines[0]["format"]!);
        Assert.Equal([1, 2, 3], lines.Skip(1).Select(line => (int)line["genotype_seed"]!));
        Assert.Equal(Cli.Run("genotype", "random", "--seed", "2").Ends(0).Output.Split('\n').First(line => line.StartsWith("normal:", StringComparison.Ordinal)),
            ((string)lines[2]["genotype"]!).Split(" | ")[0]);
        Assert.True(File.Exists(Path.Combine(folder["p"], "population.html")));

        // More seeds are added to what stands; the page can be built again.
        var more = JsonNode.Parse(Cli.Run(folder.Path, [.. command, "--training-seeds", "0,1", "--repeat", "2", "--drop-checkpoints", "--json"]).Ends(0).Output)!;
        Assert.Equal((3, 5, 2), ((int)more["genotypes"]!, (int)more["trainings"]!, (int)more["noise"]!["genotypes"]!));
        Assert.Empty(Directory.EnumerateFiles(folder["p"], "*.safetensors", SearchOption.AllDirectories));
        Assert.Contains("population.html", Cli.Run(folder.Path, ["report", "p"]).Ends(0).Output, StringComparison.Ordinal);

        // Another training does not belong here.
        Assert.Contains("rate: 0.001 there, 0.5 here", Cli.Run(folder.Path, ["population", .. Training, "--rate", "0.5", "--genotypes", "3", "--run", "q", "--out", "t.jsonl"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Population_OptionsOutOfRange_AreNamed()
    {
        var error = Cli.Run("population", "--genotypes", "none", "--training-seeds", "0,x", "--run", "p").Ends(2).Error;

        Assert.Contains("--genotypes must be a whole number", error, StringComparison.Ordinal);
        Assert.Contains("--training-seeds must be a whole number, got 'x'", error, StringComparison.Ordinal);
        Assert.Contains("genotype, architecture and seed must be absent", Cli.Run("population", "--seed", "3", "--run", "p").Ends(2).Error, StringComparison.Ordinal);
    }
}
