using System.Diagnostics;
using System.Text.Json.Nodes;
using static EndToEnd.RunLogs;

namespace EndToEnd;

public sealed class SearchTests
{
    [Fact]
    public void Search_OfSeconds_LeavesEverything()
    {
        string[] undecided = [.. Cli.TinySearch, "--alpha-travel", "0.02"]; // too little for any processor to decide
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        var result = Cli.Run(["search", "--run", run, .. undecided]).Ends(0);

        foreach (var file in (string[])["options.json", "command.txt", "environment.json", "metrics.jsonl", "checkpoint.safetensors", "genotype.json", "cost.json", "normal.svg", "reduction.svg", "report.html"])
        {
            Assert.True(new FileInfo(Path.Combine(run, file)).Length > 0, $"{file} is missing or empty.");
        }

        Assert.Contains("normal: n2[", result.Output, StringComparison.Ordinal);
        Assert.Contains("reduction: n2[", result.Output, StringComparison.Ordinal);
        Assert.Contains($"genotype  {Path.Combine(run, "genotype.json")}", result.Output, StringComparison.Ordinal);
        Assert.Contains($"report    {Path.Combine(run, "report.html")}", result.Output, StringComparison.Ordinal);
        Assert.Contains("supernet train", result.Error, StringComparison.Ordinal);
        Assert.EndsWith($"Next:\n  dcpnas train --genotype {Path.Combine(run, "genotype.json")} --train-images 36 --run {Path.Combine(run, "train")}\n"
            + $"Better first, where there is time: candidates of its alpha, each trained briefly by the recipe of the training\n  dcpnas select {run} --train-images 36 --config TRAIN.json\n", result.Error, StringComparison.Ordinal);
        Assert.Equal((4, 3), (Size("channels"), Size("cells"))); // those of --final-channels and --final-cells, for train
        Assert.Matches("decided [0-8]/[0-8] of 8", result.Error);
        Assert.StartsWith("Undecided: alpha has a clear winner on ", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.EndsWith("raise alpha_travel (T, rate x steps of alpha; below 1 hardly anything can win), or give alpha more steps (epochs, warmup_share, train_images).", result.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error + result.Output);

        var environment = Path.Combine(run, "environment.json");
        File.WriteAllText(environment, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(environment), "\"libtorch\": \"[^\"]*\"", "\"libtorch\": \"1.0\""));
        var again = Cli.Run(["search", "--run", run, "--json", .. undecided]).Ends(0);
        Assert.Contains("this run was finished before", again.Error, StringComparison.Ordinal);
        Assert.Contains("warning: This session does not run on what the one before ran on, so its numbers may differ in the last digits: libtorch: 1.0 before, ", again.Error, StringComparison.Ordinal);
        var json = JsonNode.Parse(again.Output)!;
        Assert.StartsWith("normal: n2[", json["genotype_text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(json["cost"]!["total"]!.AsObject().Count > 0);
        Assert.False(json["decision"]!["decided"]!.GetValue<bool>());
        Assert.Equal(json["decision"]!.ToJsonString(), json["genotype"]!["decision"]!.ToJsonString());
        Assert.Equal(14, json["decision"]!["normal"]!["edges"]!.AsArray().Count);

        var other = Cli.Run(["search", "--run", run, .. undecided, "--lambda", "0.5"]).Ends(2);
        Assert.Contains("lambda: null there, 0.5 now", other.Error, StringComparison.Ordinal);

        int Size(string key) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "genotype.json")))!["network"]![key]!.GetValue<int>();

        File.Delete(Path.Combine(run, "report.html"));
        Assert.Equal(Path.Combine(run, "report.html"), Cli.Run("report", run).Ends(0).Output.Trim());
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);

        Assert.Equal(
            [Path.Combine(run, "report.html"), Path.Combine(run, "epochs.csv"), Path.Combine(run, "alpha.csv")],
            Cli.Run("report", run, "--csv").Ends(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("epoch,network,cell,edge,node,input,operation,probability\n0,parent,normal,0->2,2,0,none,0.12", File.ReadAllText(Path.Combine(run, "alpha.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Search_WhereMemoryWillNotDo_IsRefusedAndForced()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["search", "--run", "run", .. Cli.TinySearch];
        arguments[Array.IndexOf(arguments, "--train-images") + 1] = "80";
        arguments[Array.IndexOf(arguments, "--batch-size") + 1] = "20";
        (string, string)[] little = [("DOTNET_GCHeapHardLimit", "0x10000000")]; // what a container of 256 MB shows
        var refused = Cli.RunWith(little, folder.Path, arguments).Ends(2);
        Assert.Matches(
            @"dcpnas: Memory: the search needs [0-9.]+ GB and 0\.27 GB are available\. Lower batch_size( \(to [0-9]+\))?, image_size, channels or cells, or raise partial_channels "
            + @"\(4 lets a quarter of the channels through the mixed operations\)\. --force starts all the same; dcpnas plan says more\.\n$",
            refused.Error);
        Assert.False(Directory.Exists(folder["run"]), "A search that is refused must leave no folder.");
        Cli.RunWith(little, folder.Path, [.. arguments, "--force"]).Ends(0);
    }

    [Fact]
    public void Search_BegunBeforeAnOptionExisted_ResumesWithItsOldMeaningOrIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var run = folder["old"];
        string[] old = ["--normalize-candidates", "false", "--weight-optimizer", "sgd", "--lambda", "0.005", "--architecture-rate", "0.001"];
        Cli.Run(["search", "--run", run, .. Cli.TinySearch, .. old]).Ends(0);
        var options = Path.Combine(run, "options.json");
        var json = JsonNode.Parse(File.ReadAllText(options))!.AsObject();
        foreach (var key in (string[])["normalize_candidates", "weight_optimizer", "weight_paths", "selection", "selection_candidates", "alpha_travel", "tangent_share"])
        {
            Assert.True(json.Remove(key));
        }

        File.WriteAllText(options, json.ToJsonString());
        var other = Cli.Run(["search", "--run", run, .. Cli.TinySearch, "--lambda", "0.005", "--architecture-rate", "0.001"]).Ends(2);
        Assert.Contains("normalize_candidates: false there, true now", other.Error, StringComparison.Ordinal);
        Assert.Contains("weight_optimizer: sgd there, adamw now", other.Error, StringComparison.Ordinal);

        Assert.Contains("this run was finished before", Cli.Run(["search", "--run", run, .. Cli.TinySearch, .. old]).Ends(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_KilledTwice_ResumesToTheSameGenotypeAndMetrics()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a"]);
        Directory.CreateDirectory(folder["b"]);
        string[] arguments = ["search", "--run", "run", .. Cli.TinySearchOf(epochs: 4), "--checkpoint-minutes", "0"];
        Cli.Run(folder["a"], arguments).Ends(0);

        var metrics = Path.Combine(folder["b"], "run", "metrics.jsonl");
        foreach (var lines in (int[])[4, 15])
        {
            using var process = Cli.Start(folder["b"], arguments);
            WaitForLines(process, metrics, lines);
            process.Kill(); // SIGKILL
            process.WaitForExit();
            Assert.False(File.Exists(Path.Combine(folder["b"], "run", "genotype.json")), "The search was over before it was killed.");
        }

        var resumed = Cli.Run(folder["b"], arguments).Ends(0);
        Assert.Contains("Resuming at epoch", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(folder["a"], "run", "genotype.json")), File.ReadAllText(Path.Combine(folder["b"], "run", "genotype.json")));
        Assert.Equal(MetricsWithoutTimes(Path.Combine(folder["a"], "run", "metrics.jsonl")), MetricsWithoutTimes(metrics));
    }

    [Fact]
    public void Search_Interrupted_WritesACheckpointAndNamesTheCommandThatResumes()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["search", "--run", "my run", .. Cli.TinySearchOf(epochs: 4)];
        using var process = Cli.Start(folder.Path, arguments);
        WaitForLines(process, Path.Combine(folder["my run"], "metrics.jsonl"), 2);
        Cli.Interrupt(process);
        var stopped = Cli.Wait(process).Ends(130);

        Assert.Equal("", stopped.Output);
        Assert.Contains("Stopping after this step", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("Resume with:\n  dcpnas search --run 'my run' --dataset synthetic", stopped.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["my run"], "report.html")));

        var resumed = Cli.Run(folder.Path, arguments).Ends(0);
        Assert.Contains("Resuming at epoch", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_WhoseTerminalIsClosed_WritesACheckpointToResumeFrom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "Nothing here (script) opens a terminal.");
        Assert.SkipWhen(Cli.IgnoresHangup(Environment.ProcessId), "These tests were started so that hang-ups are ignored (nohup).");
        using var folder = new TemporaryFolder();
        string[] arguments = ["search", "--run", "run", .. Cli.TinySearchOf(epochs: 4)];
        var command = string.Join(' ', ["exec", "dotnet", "exec", $"'{Path.Combine(AppContext.BaseDirectory, "DcpNas.Cli.dll")}'", .. arguments]);
        var start = new ProcessStartInfo("script", ["-q", "-f", "-c", command, "/dev/null"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        (start.Environment["TERM"], start.Environment["SHELL"]) = ("xterm", "/bin/sh"); // with a display that moves
        using var terminal = Process.Start(start)!;
        terminal.OutputDataReceived += (_, _) => { };
        terminal.BeginOutputReadLine();
        WaitForLines(terminal, folder["run/metrics.jsonl"], 2);

        terminal.Kill(); // the window is gone at once

        var patience = Stopwatch.StartNew();
        while (File.Exists(folder["run/run.holder.json"]) && patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            Thread.Sleep(100);
        }

        Assert.True(File.Exists(folder["run/checkpoint.safetensors"]), string.Join('\n', Directory.GetFiles(folder["run"])));
        Assert.Contains("Resuming at epoch", Cli.Run(folder.Path, arguments).Ends(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_CommandLineFileAndDefault_BeatEachOtherInThisOrder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["options.json"], """
            // A comment.
            { "strategy": "random", "seed": 3, "final_cells": 5, "max_ops": 400000000 }
            """);
        Cli.Run("search", "--config", folder["options.json"], "--run", folder["run"], "--seed", "4", "--max-ops", "0.5G", "--threads", "1", "--edge-normalization", "--decoupled", "false").Ends(0);
        var options = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], "options.json")))!;
        Assert.Equal(
            ("random", 4, 5, 5e8, true, false, 64),
            (options["strategy"]!.GetValue<string>(), options["seed"]!.GetValue<int>(), options["final_cells"]!.GetValue<int>(), options["max_ops"]!.GetValue<double>(),
                options["edge_normalization"]!.GetValue<bool>(), options["decoupled"]!.GetValue<bool>(), options["batch_size"]!.GetValue<int>()));
    }
}
