using System.CommandLine;
using DcpNas.Candidates;
using DcpNas.Cli.Jobs;
using DcpNas.Cli.Models;
using DcpNas.Comparison;
using DcpNas.Jobs;
using DcpNas.Populations;
using DcpNas.Runs;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas job</c>: does one job of a comparison, a population or a selection.</summary>
internal static class JobCommand
{
    /// <summary>The option of a worker that another process of this program has started.</summary>
    public const string Supervised = "supervised";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Folder of a comparison, population or selection that compare, population or select --jobs has begun", HelpName = "DIR" };
        var name = new Argument<string>("job") { Description = "The job: a folder in DIR/jobs, as dcp-seed0 or random-7-training-0; of a selection the number of a candidate", HelpName = "JOB" };
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch where the options leave them open; 0 = all cores; a resumed job keeps its number", HelpName = "N" };
        var supervised = new Option<bool>($"--{Supervised}") { Description = "Tell progress as JSON lines on stdout, and stop when stdin says stop or ends", Hidden = true };
        var command = new Command("job", "Do one job of a comparison, population or selection to its end: what compare --jobs starts, and what the tasks of a cluster do. Exit code 1: the job failed.")
        {
            folder, name, threads, supervised,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(name), parsed.GetValue(threads), parsed.GetValue(supervised)));
        return command;
    }

    private static int Run(string folder, string name, int threads, bool isSupervised)
    {
        if (threads < 0)
        {
            throw new OptionsException("command line", [$"--threads must be at least 0, got {threads}."]);
        }

        if (isSupervised)
        {
            using var supervisor = new Supervisor();
            return Do(folder, name, threads, new WorkerView(Console.Out), supervisor.Token).ExitCode;
        }

        return RunSession.Run("job", Path.Combine(folder, JobsIn(folder), name), Invocation.CommandLine, (view, cancel) => Do(folder, name, threads, new JobDisplay(view, name), cancel)).ExitCode;
    }

    private static Outcome Do(string folder, string name, int threads, IJobView view, CancellationToken cancel)
    {
        using var run = RunFolder.OpenForReading(folder);
        if (ComparisonRun.IsIn(run))
        {
            var record = ComparisonRun.Work(folder, name, threads, Invocation.CommandLine, new JobObserver(view), cancel, ChipMeter.Instance);
            if (record.Error is { } error)
            {
                Console.Error.WriteLine(error);
            }

            return new Outcome(record.State == JobState.Failed ? ExitCode.Failed : ExitCode.Done);
        }

        if (PopulationRun.IsIn(run))
        {
            PopulationRun.Work(folder, name, threads, Invocation.CommandLine, share => view.Progress($"{JobStage.Train}", share), view.Warn, cancel);
            return new Outcome(ExitCode.Done);
        }

        if (SelectionRun.IsIn(run))
        {
            SelectionRun.Work(folder, name, threads, Invocation.CommandLine, share => view.Progress($"{JobStage.Train}", share), view.Warn, cancel);
            return new Outcome(ExitCode.Done);
        }

        throw InputException.InFile(
            folder, RunFiles.Options, "a comparison, a population or a selection", "another kind of run",
            $"Name the folder of compare --run or population --run, or the folder {RunFiles.SelectionFolder} of a search that select --jobs has begun.");
    }

    private static string JobsIn(string folder)
    {
        using var run = RunFolder.OpenForReading(folder);
        return SelectionRun.IsIn(run) ? CandidateTrainings.RunsFolder : JobFiles.Folder;
    }

    private sealed record Outcome(int ExitCode);
}
