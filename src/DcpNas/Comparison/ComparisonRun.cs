using System.Text.Json.Nodes;
using DcpNas.Jobs;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Comparison;

/// <summary>One comparison in its folder: starts or resumes its queue, and keeps its result up to date.</summary>
public static class ComparisonRun
{
    /// <summary>Does all jobs that are not finished.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="folderPath">Its folder; the same options in the same folder resume, and rows and seeds may be added.</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <param name="processes">Starts jobs as processes, several at a time; null: this process does them one after the other.</param>
    /// <param name="chips">Measures networks on a chip; limits on flash, RAM or instructions need it.</param>
    /// <returns>The rows, the result as JSON, and where it lies.</returns>
    /// <exception cref="InputException">Options, data or folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the folder resumes.</exception>
    public static ComparisonOutcome Execute(ComparisonOptions options, string folderPath, string command, IComparisonObserver observer, CancellationToken cancel, IJobProcesses? processes = null, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var (setup, resume, begun) = Begin(options, folderPath, command, chips);
        using var folder = begun;
        var queue = new ComparisonQueue(folder.Path, resume.Jobs(), new ComparisonWork(setup, command, observer), observer);
        var population = ComparisonPopulation.Keep(folder, setup.Population);
        observer.OnStart(queue.Records, resume.All, setup.TargetOps);
        try
        {
            if (processes is null)
            {
                queue.Run(() => Report(), cancel);
            }
            else
            {
                queue.Run(processes, () => Report(), cancel);
            }

            if (options.Rank)
            {
                SearchRank.Score(folder, Report().Result, observer, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            Report();
            throw;
        }

        var (result, json) = Report();
        return new ComparisonOutcome(result, json, folder.PathOf(ComparisonReport.HtmlFile), folder.PathOf(ComparisonReport.MarkdownFile), folder.PathOf(ComparisonReport.CsvFile));

        (ComparisonResult Result, JsonObject Json) Report()
        {
            var result = ComparisonResult.Of(resume.All, setup.Dataset.Name, setup.TargetOps, ComparisonResume.Records(folder.Path, resume.All), population);
            result = result with { Ranks = SearchRank.In(folder, result) };
            return (result, ComparisonReport.Write(folder, result));
        }
    }

    /// <summary>Does one job of a comparison that <see cref="Execute"/> or <see cref="Prepare"/> has begun: what its processes, and those of a cluster, do.</summary>
    /// <param name="folderPath">The folder of the comparison.</param>
    /// <param name="name">The job.</param>
    /// <param name="threads">Threads of libtorch where the options leave them open (0).</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <param name="chips">As for the comparison.</param>
    /// <returns>A finished or failed record.</returns>
    /// <exception cref="InputException">There is no such job, another process does it, or options or data cannot be used.</exception>
    public static JobRecord Work(string folderPath, string name, int threads, string command, IComparisonObserver observer, CancellationToken cancel, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        using var folder = RunFolder.OpenForReading(folderPath);
        var options = ComparisonOptions.FromJson(folder.Options.ToJsonString(), folder.PathOf(RunFiles.Options));
        options = options with
        {
            Search = options.Search with { Threads = options.Search.Threads == 0 ? threads : options.Search.Threads },
            Train = options.Train with { Threads = options.Train.Threads == 0 ? threads : options.Train.Threads },
        };
        var jobs = ComparisonJob.Plan(options);
        var job = jobs.FirstOrDefault(job => job.Name == name)
            ?? throw new InputException($"{folderPath}: has no job '{name}'. Its jobs: {string.Join(", ", jobs.Select(job => job.Name))}.");
        var setup = ComparisonSetup.Prepare(options, chips);
        return new ComparisonQueue(folder.Path, jobs, new ComparisonWork(setup, command, observer), observer).Do(job, cancel);
    }

    /// <summary>Writes a comparison's folder without doing any job, so that other processes can do them.</summary>
    /// <inheritdoc cref="Execute"/>
    /// <returns>The jobs that are not finished.</returns>
    public static IReadOnlyList<PendingJob> Prepare(ComparisonOptions options, string folderPath, string command, IComparisonObserver observer, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var (setup, resume, begun) = Begin(options, folderPath, command, chips);
        using var folder = begun;
        var population = ComparisonPopulation.Keep(folder, setup.Population);
        ComparisonReport.Write(folder, ComparisonResult.Of(resume.All, setup.Dataset.Name, setup.TargetOps, ComparisonResume.Records(folder.Path, resume.All), population));
        return [.. new ComparisonQueue(folder.Path, resume.Jobs(), new ComparisonWork(setup, command, observer), observer).Pending()];
    }

    /// <summary>Checks options and data, and starts or resumes the folder.</summary>
    private static (ComparisonSetup Setup, ComparisonResume Resume, RunFolder Folder) Begin(ComparisonOptions options, string folderPath, string command, IChipMeter? chips)
    {
        ComparisonPopulation.DemandWhereNeeded(options, folderPath);
        var setup = ComparisonSetup.Prepare(options, chips);
        var resume = ComparisonResume.In(folderPath, options);
        return (setup, resume, RunFolder.Start(
            folderPath, resume.All.ToJson(), RunEnvironment.Collect(Devices.Parse(options.Train.Device).ToString()), command, resume.MayChange, record: typeof(ComparisonOptions)));
    }

    /// <summary>Whether a folder holds a comparison.</summary>
    public static bool IsIn(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.Options.ContainsKey(ComparisonOptions.StrategiesKey);
    }

    /// <summary>The jobs of a comparison that are not finished.</summary>
    public static IReadOnlyList<string> Unfinished(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var options = ComparisonOptions.FromJson(folder.Options.ToJsonString(), folder.PathOf(RunFiles.Options));
        return [.. ComparisonResume.Records(folder.Path, options).Where(record => record.State != JobState.Finished).Select(record => record.Name)];
    }

    /// <summary>Writes the result again from the files of the jobs; works while the comparison goes on and after a kill.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputException">A file is damaged, or no job has ended yet.</exception>
    public static string BuildReport(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var options = ComparisonOptions.FromJson(folder.Options.ToJsonString(), folder.PathOf(RunFiles.Options));
        var json = folder.ReadJson(ComparisonReport.JsonFile)
            ?? throw InputException.InFile(folder.Path, ComparisonReport.JsonFile, "the result so far", "no such file", "Wait until a job has ended, then ask again.");
        var before = new JsonPart(json, folder.PathOf(ComparisonReport.JsonFile), "", "Run the comparison again in its folder: finished jobs are kept.");
        var records = ComparisonResume.Records(folder.Path, options);
        var result = ComparisonResult.Of(options, before["dataset"].Text(), before["target_ops"].Real(), records, ComparisonPopulation.In(folder));
        ComparisonReport.Write(folder, result with { Ranks = SearchRank.In(folder, result) });
        return folder.PathOf(ComparisonReport.HtmlFile);
    }
}

/// <summary>What a comparison leaves.</summary>
/// <param name="Result">The rows and what is known of them.</param>
/// <param name="Json">The content of compare.json.</param>
/// <param name="PagePath">The page.</param>
/// <param name="MarkdownPath">The table.</param>
/// <param name="CsvPath">One line per training, for other programs.</param>
public sealed record ComparisonOutcome(ComparisonResult Result, JsonObject Json, string PagePath, string MarkdownPath, string CsvPath);
