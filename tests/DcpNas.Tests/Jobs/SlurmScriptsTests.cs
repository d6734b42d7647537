using System.Diagnostics;
using DcpNas.Jobs;
using DcpNas.Tests.Runs;

namespace DcpNas.Tests.Jobs;

/// <summary>The files for a cluster, run by bash with stand-ins for the commands of Slurm.</summary>
public sealed class SlurmScriptsTests
{
    [Fact]
    public void Of_JobsInTwoWaves_SubmitsThemOneAfterTheOtherAndCollects()
    {
        using var folder = new TemporaryFolder();
        var files = Write(folder, [new("a", []), new("it's b", []), new("c", ["a"])], atATime: 1);

        Assert.Equal("a\nit's b\n", files["jobs-1.tsv"]);
        Assert.Equal("c\n", files["jobs-2.tsv"]);
        Assert.Contains("#SBATCH --array=0-1%1\n", files["array-1.sbatch"], StringComparison.Ordinal);
        Assert.Contains("#SBATCH --array=0-0%1\n#SBATCH --requeue\n#SBATCH --signal=B:USR1@120\n#SBATCH --partition=big\n", files["array-2.sbatch"], StringComparison.Ordinal);

        Tool(folder, "sbatch", "echo \"$@\" >> \"$LOG\"; echo \"$(wc -l < \"$LOG\");main\"");
        Assert.Equal((0, "2 jobs of wave 1: 1\n1 jobs of wave 2: 2\nreport: 3\n"), Bash(folder, "submit.sh"));
        Assert.Equal(
            ["--parsable array-1.sbatch", "--parsable --dependency=afterany:1 array-2.sbatch", "--parsable --dependency=afterany:2 collect.sbatch"],
            File.ReadLines(folder["log"]).Select(line => line.Replace(Path.Combine(folder.Path, "slurm") + "/", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("exit 0", 0, false)]
    [InlineData("exit 1", 1, false)]
    [InlineData("exit 75", 75, true)]
    [InlineData("trap 'exit 75' USR1; kill -USR1 $PPID; for i in {1..100}; do sleep 0.05; done; exit 3", 75, true)] // the signal is passed on
    public void Task_EndsAsItsJobAndIsQueuedAgainWhereThatWillGoOn(string job, int code, bool isQueuedAgain)
    {
        using var folder = new TemporaryFolder();
        Write(folder, [new("a", []), new("it's b", [])], atATime: null);
        Tool(folder, "program", $"echo \"$@\" >> \"$LOG\"; {job}");
        Tool(folder, "scontrol", "echo \"scontrol $@\" >> \"$LOG\"");

        Assert.Equal(code, Bash(folder, "array-1.sbatch", ("SLURM_ARRAY_TASK_ID", "1"), ("SLURM_ARRAY_JOB_ID", "77"), ("SLURM_CPUS_PER_TASK", "3")).Code);

        Assert.Equal([$"job {folder.Path} it's b --threads 3", .. isQueuedAgain ? (string[])["scontrol requeue 77_1"] : []], File.ReadLines(folder["log"]));
    }

    private static IReadOnlyDictionary<string, string> Write(TemporaryFolder folder, IReadOnlyList<PendingJob> jobs, int? atATime)
    {
        Directory.CreateDirectory(folder["bin"]);
        Directory.CreateDirectory(folder["slurm"]);
        var files = SlurmScripts.Of(new SlurmRequest("dcpnas-test", folder.Path, folder.Path, [folder["bin/program"]], jobs, atATime, ["--partition=big"], PausedCode: 75));
        foreach (var (name, text) in files)
        {
            File.WriteAllText(folder[$"slurm/{name}"], text);
        }

        return files;
    }

    private static void Tool(TemporaryFolder folder, string name, string script)
    {
        var path = folder[$"bin/{name}"];
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static (int Code, string Output) Bash(TemporaryFolder folder, string script, params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", [folder[$"slurm/{script}"]]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder["bin"]}:{start.Environment["PATH"]}";
        start.Environment["LOG"] = folder["log"];
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
