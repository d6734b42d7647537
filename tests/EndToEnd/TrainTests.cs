using System.Text.Json.Nodes;
using DcpNas.Tasks.Classification;
using static EndToEnd.RunLogs;

namespace EndToEnd;

/// <summary>Trainings of seconds by the built program: results, kills, Ctrl+C, faults.</summary>
public sealed class TrainTests
{
    private static readonly string[] Tiny =
    [
        "--genotype", "DDPNAS_MCN_2", "--dataset", "synthetic", "--train-images", "40", "--test-images", "10", "--cells", "1", "--channels", "2", "--stem-multiplier", "1",
        "--epochs", "2", "--batch-size", "8", "--validation-share", "0.25", "--reestimate-images", "16", "--threads", "1", "--workers", "0",
    ];

    [Fact]
    public void Train_KilledTwice_ResumesToTheSameModelAndMetrics()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a"]);
        Directory.CreateDirectory(folder["b"]);
        string[] arguments = ["train", "--run", "run", .. Tiny, "--checkpoint-minutes", "0"];
        var whole = Cli.Run(folder["a"], arguments).Ends(0);
        Assert.Contains("Step 1: binary activations, real weights, 2 epochs.", whole.Error, StringComparison.Ordinal);
        Assert.Contains("valid", whole.Error, StringComparison.Ordinal);
        Assert.Contains($"model     {Path.Combine("run", "best.safetensors")}", whole.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', whole.Error + whole.Output);

        var metrics = Path.Combine(folder["b"], "run", "metrics.jsonl");
        foreach (var lines in (int[])[3, 9])
        {
            using var process = Cli.Start(folder["b"], arguments);
            WaitForLines(process, metrics, lines);
            process.Kill(); // SIGKILL
            process.WaitForExit();
            Assert.False(File.Exists(Path.Combine(folder["b"], "run", "results.json")), "The training was over before it was killed.");
        }

        var resumed = Cli.Run(folder["b"], [.. arguments, "--json"]).Ends(0);
        Assert.Contains("Resuming at epoch", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(30, JsonNode.Parse(resumed.Output)!["results"]!["images"]!["train"]!.GetValue<int>());
        Assert.Equal(File.ReadAllText(Path.Combine(folder["a"], "run", "results.json")), File.ReadAllText(Path.Combine(folder["b"], "run", "results.json")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder["a"], "run", "best.safetensors")), File.ReadAllBytes(Path.Combine(folder["b"], "run", "best.safetensors")));
        Assert.Equal(MetricsWithoutTimes(Path.Combine(folder["a"], "run", "metrics.jsonl")), MetricsWithoutTimes(metrics));

        var report = Path.Combine(folder["b"], "run", "report.html");
        File.Delete(report);
        Assert.Equal(report, Cli.Run("report", Path.Combine(folder["b"], "run")).Ends(0).Output.Trim());
        Assert.Contains("Sample predictions", File.ReadAllText(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Interrupted_WritesACheckpointAndNamesTheCommandThatResumes()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["train", "--run", "my run", .. Tiny];
        using var process = Cli.Start(folder.Path, arguments);
        WaitForLines(process, Path.Combine(folder["my run"], "metrics.jsonl"), 2);
        Cli.Interrupt(process);
        var stopped = Cli.Wait(process).Ends(130);
        Assert.Contains("Resume with:\n  dcpnas train --run 'my run' --genotype DDPNAS_MCN_2", stopped.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["my run"], "checkpoint.safetensors")));
        Assert.True(File.Exists(Path.Combine(folder["my run"], "report.html")));
    }

    [Fact]
    public void Train_BadInput_EndsWithAReason()
    {
        using var folder = new TemporaryFolder();
        Fails("genotype must be given for the architecture cells", "train", "--run", folder["a"]);
        Fails("Unknown genotype 'nobody'", "train", "--run", folder["a"], "--genotype", "nobody");
        Fails("--epochs must be a whole number, got 'many'.", "train", "--run", folder["a"], "--genotype", "DDPNAS_MCN_2", "--epochs", "many");
        Fails("precision must be fp32 on the CPU", ["train", "--run", folder["a"], .. Tiny, "--precision", "bf16"]);
        Fails("Unknown option '--epoch'", "train", "--run", folder["a"], "--epoch", "3");

        static void Fails(string reason, params string[] arguments) => Assert.Contains(reason, Cli.Run(arguments).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfTrain_ListsEveryOptionWithItsDefault()
    {
        var help = Cli.Run("train", "--help").Ends(0).Output;
        Assert.All(TrainOptions.Keys, key => Assert.Contains($"--{key.Replace('_', '-')} ", help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train-cifar10-cpu.json")]
    [InlineData("train-cifar10.json")]
    [InlineData("train-imagenet.json")]
    public void Recipe_CanBeRead(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "configs", name)))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException(name);
        }

        var options = TrainOptions.Load(Path.Combine(folder, "configs", name)) with { Genotype = "DDPNAS_MCN_2" };
        Assert.Empty(options.Problems());
    }
}
