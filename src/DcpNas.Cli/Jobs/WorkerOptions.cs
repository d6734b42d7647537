using System.CommandLine;
using DcpNas.Cli.Options;
using DcpNas.Jobs;

namespace DcpNas.Cli.Jobs;

/// <summary>How many jobs run at a time on this machine, and where.</summary>
/// <param name="Jobs">Processes at a time.</param>
/// <param name="Gpus">GPUs, one for each process in turn; empty: whatever the options say.</param>
internal sealed record WorkerOptions(int Jobs, IReadOnlyList<string> Gpus)
{
    private const int MostJobs = 1024;

    /// <summary>One after the other, in this process.</summary>
    public static WorkerOptions OneByOne { get; } = new(1, []);

    /// <summary>Threads of each process where the options leave them open.</summary>
    public int ThreadsPerJob => Math.Max(1, Environment.ProcessorCount / Jobs);

    /// <summary>As many at a time as there are cores and jobs.</summary>
    public static WorkerOptions OnAllCores(int jobs) => new(Math.Min(Environment.ProcessorCount, jobs), []);

    /// <summary>Starts the jobs of a folder; null where one process does them all.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="jobs">The folder in it that has one of each job's name.</param>
    public WorkerProcesses? ProcessesFor(string folder, string jobs = JobFiles.Folder) => Jobs > 1 || Gpus.Count > 0 ? new WorkerProcesses(folder, this, jobs) : null;

    /// <summary>The options of a command.</summary>
    public static (Option<string?> Jobs, Option<string?> Gpus) Create() => (
        new("--jobs") { Description = $"Jobs that run at the same time, each in a process of its own, which shares the cores where --threads is 0; 1 to {MostJobs} (default 1, or one for each of --gpus)", HelpName = "N" },
        new("--gpus") { Description = "GPUs for those processes in turn, as CUDA_VISIBLE_DEVICES names them; each process sees one of them (with --device cuda), separated by commas", HelpName = "ID,ID" });

    /// <summary>What a command line asks for.</summary>
    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static WorkerOptions Read(ParseResult parsed, (Option<string?> Jobs, Option<string?> Gpus) options)
    {
        var problems = new List<string>();
        string[] gpus = parsed.GetValue(options.Gpus)?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        if (parsed.GetValue(options.Gpus) is { } text && (gpus.Any(gpu => gpu.Length == 0) || gpus.Distinct().Count() != gpus.Length))
        {
            problems.Add($"--gpus must name GPUs, each once, separated by commas, as 0,1,2,3, got '{text}'.");
        }

        var jobs = OptionValue.Number<int>(options.Jobs, parsed.GetValue(options.Jobs), problems) ?? Math.Max(1, gpus.Length);
        if (jobs is < 1 or > MostJobs && problems.Count == 0)
        {
            problems.Add($"--jobs must be 1 to {MostJobs}, got {jobs}.");
        }

        return problems.Count == 0 ? new WorkerOptions(jobs, gpus) : throw new OptionsException("command line", problems);
    }
}
