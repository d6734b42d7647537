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
    public void Population_InProcessesSideBySide_KilledAndResumed_LeavesTheTableOfOneProcess()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["population", .. Training, "--genotypes", "3", "--run"];
        Cli.Run(folder.Path, [.. command, "one"]).Ends(0);

        using (var killed = Cli.Start(folder.Path, [.. command, "two", "--jobs", "2"]))
        {
            Cli.WaitFor(killed, () => Log(folder, "two", 1).Length > 0 && Log(folder, "two", 2).Length > 0); // both at a time
            killed.Kill();
            killed.WaitForExit();
        }

        // Its workers see that it is gone, and stop with a checkpoint.
        Cli.WaitFor(null, () => Enumerable.Range(1, 3).All(number => !File.Exists(Path.Combine(Job(folder, "two", number), "run.holder.json"))));
        var jobs = Enumerable.Range(1, 3).Select(number => Log(folder, "two", number)).ToList();
        var resumed = Cli.Run(folder.Path, [.. command, "two", "--jobs", "2"]).Ends(0);
        Assert.Contains("3 genotypes, 3 trainings", resumed.Output, StringComparison.Ordinal);
        Assert.All(jobs.Select((log, index) => (log, index)), job => Assert.StartsWith(job.log, Log(folder, "two", job.index + 1), StringComparison.Ordinal)); // nothing is done twice
        Assert.Equal(Table(folder, "one"), Table(folder, "two"));
        Assert.Contains("3 trainings, 3 finished before.", Cli.Run(folder.Path, [.. command, "two", "--jobs", "2"]).Ends(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Population_ForACluster_IsDoneJobByJob()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["population", .. Training, "--genotypes", "2", "--run", "p", "--slurm"];
        Assert.Contains("2 jobs. Submit them with:\n  bash p/slurm/submit.sh", Cli.Run(folder.Path, [.. command, "--sbatch=--partition=gpu"]).Ends(0).Output, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --partition=gpu\n", File.ReadAllText(folder["p/slurm/array-1.sbatch"]), StringComparison.Ordinal);
        Assert.Contains("not finished: random-1-training-0, random-2-training-0", Cli.Run(folder.Path, ["report", "p"]).Ends(0).Error, StringComparison.Ordinal);

        // A cluster whose time is up says so with SIGUSR1: the job goes on later.
        using (var task = Cli.Start(folder.Path, ["job", "p", "random-1-training-0"]))
        {
            Cli.WaitFor(task, () => Log(folder, "p", 1).Length > 0);
            Cli.Signal(task, 10);
            Assert.Contains("Stopped with a checkpoint", Cli.Wait(task).Ends(75).Error, StringComparison.Ordinal);
        }

        Cli.Run(folder.Path, ["job", "p", "random-1-training-0"]).Ends(0);
        Cli.Run(folder.Path, ["job", "p", "random-2-training-0"]).Ends(0);
        Assert.DoesNotContain("not finished", Cli.Run(folder.Path, ["report", "p"]).Ends(0).Error, StringComparison.Ordinal);
        Assert.Equal(2, Table(folder, "p").Count);
        Assert.Contains("All jobs are finished", Cli.Run(folder.Path, command).Ends(0).Output, StringComparison.Ordinal);

        Assert.Contains("has no training 'random-9-training-0'. Its trainings are random-1-training-0 to random-2-training-0.", Cli.Run(folder.Path, ["job", "p", "random-9-training-0"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected a comparison, a population or a selection", Cli.Run(folder.Path, ["job", "p/jobs/random-1-training-0", "x"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--threads must be at least 0", Cli.Run(folder.Path, ["job", "p", "x", "--threads", "-1"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--sbatch must be an option of sbatch", Cli.Run(folder.Path, [.. command, "--sbatch=gpu"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--gpus says nothing with --slurm", Cli.Run(folder.Path, [.. command, "--gpus", "0"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--jobs must be 1 to 1024, got 0.", Cli.Run(folder.Path, [.. command, "--jobs", "0"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--gpus must name GPUs, each once", Cli.Run(folder.Path, [.. command, "--gpus", "0,0"]).Ends(2).Error, StringComparison.Ordinal);
    }

    private static string Job(TemporaryFolder folder, string run, int number) => folder[$"{run}/jobs/random-{number}-training-0"];

    private static string Log(TemporaryFolder folder, string run, int number)
    {
        var path = Path.Combine(Job(folder, run, number), "metrics.jsonl");
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    /// <summary>The networks without times.</summary>
    private static List<string> Table(TemporaryFolder folder, string run) =>
    [
        .. File.ReadLines(folder[$"{run}/population.jsonl"]).Skip(1).Select(line =>
        {
            var network = JsonNode.Parse(line)!.AsObject();
            network.Remove("seconds");
            network.Remove("cpu_seconds");
            return network.ToJsonString();
        }),
    ];

    [Fact]
    public void Population_OptionsOutOfRange_AreNamed()
    {
        var error = Cli.Run("population", "--genotypes", "none", "--training-seeds", "0,x", "--run", "p").Ends(2).Error;

        Assert.Contains("--genotypes must be a whole number", error, StringComparison.Ordinal);
        Assert.Contains("--training-seeds must be a whole number, got 'x'", error, StringComparison.Ordinal);
        Assert.Contains("genotype, architecture and seed must be absent", Cli.Run("population", "--seed", "3", "--run", "p").Ends(2).Error, StringComparison.Ordinal);
    }
}
