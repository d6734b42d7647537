using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Jobs;

namespace DcpNas.Cli.Jobs;

/// <summary>What <c>compare --slurm</c> and <c>population --slurm</c> share: options, and the files for a cluster.</summary>
internal static class SlurmSession
{
    /// <summary>The options of a command.</summary>
    public static (Option<bool> Slurm, Option<string[]> Sbatch) Create() => (
        new("--slurm") { Description = "Do nothing here: write job arrays for a Slurm cluster into DIR/slurm and print the command that submits them; --jobs limits the tasks that run at the same time" },
        new("--sbatch") { Description = "A further option of sbatch for every task, as --sbatch=--partition=gpu or --sbatch=--cpus-per-task=4; may be repeated", HelpName = "OPTION" });

    /// <summary>Writes the files.</summary>
    /// <param name="name">What the jobs are called in the queue.</param>
    /// <param name="folder">The folder of the jobs.</param>
    /// <param name="prepare">Writes that folder and names the jobs that are to be done.</param>
    /// <param name="workers">How many at a time.</param>
    /// <param name="isLimited">Whether that was asked for.</param>
    /// <param name="options">Further options of sbatch.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="OptionsException">An option cannot be used.</exception>
    public static int Write(string name, string folder, Func<IReadOnlyList<PendingJob>> prepare, WorkerOptions workers, bool isLimited, IReadOnlyList<string> options)
    {
        if (workers.Gpus.Count > 0)
        {
            throw new OptionsException("command line", ["--gpus says nothing with --slurm: the cluster gives each task its GPU. Ask for it, as --sbatch=--gres=gpu:1."]);
        }

        if (options.FirstOrDefault(option => !option.StartsWith('-') || option.Contains('\n', StringComparison.Ordinal)) is { } wrong)
        {
            throw new OptionsException("command line", [$"--sbatch must be an option of sbatch, as --sbatch=--partition=gpu, got '{wrong}'."]);
        }

        var jobs = prepare();
        if (jobs.Count == 0)
        {
            Terminal.Print($"All jobs are finished; dcpnas report {folder} builds the page.");
            return ExitCode.Done;
        }

        var full = Path.GetFullPath(folder);
        var request = new SlurmRequest($"dcpnas-{name}", full, Environment.CurrentDirectory, WorkerProcesses.Program, jobs, isLimited ? workers.Jobs : null, options, ExitCode.Paused);
        WriteProbe.CreateFolder(Path.Combine(full, SlurmScripts.Folder));
        foreach (var (file, text) in SlurmScripts.Of(request))
        {
            AtomicFile.WriteText(Path.Combine(full, SlurmScripts.Folder, file), text);
        }

        Terminal.Print($"{jobs.Count} jobs. Submit them with:\n  bash {Invocation.Quote(Path.Combine(folder, SlurmScripts.Folder, SlurmScripts.SubmitFile))}");
        return ExitCode.Done;
    }
}
