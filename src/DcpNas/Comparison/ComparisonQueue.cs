using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Comparison;

/// <summary>Works off the jobs of a comparison, one after the other, and keeps the state of each on disk.</summary>
/// <remarks>
/// A finished job is never touched again; one that was begun, or failed, goes on from its last checkpoint. A job that fails is recorded and the next one
/// begins: one diverged search must not cost a night. Its error stands in the results.
/// </remarks>
internal sealed class ComparisonQueue
{
    /// <summary>The folder of the jobs within that of the comparison.</summary>
    public const string Folder = "jobs";

    private const string RecordFile = "job.json";
    private readonly string _folder;
    private readonly IComparisonWork _work;
    private readonly IComparisonObserver _observer;

    /// <summary>Opens the queue of a comparison.</summary>
    /// <param name="folder">The folder of the comparison.</param>
    /// <param name="jobs">All jobs.</param>
    /// <param name="work">Does them.</param>
    /// <param name="observer">Is told of them.</param>
    public ComparisonQueue(string folder, IReadOnlyList<ComparisonJob> jobs, IComparisonWork work, IComparisonObserver observer) =>
        (_folder, Jobs, _work, _observer) = (folder, jobs, work, observer);

    /// <summary>All jobs, in their order.</summary>
    public IReadOnlyList<ComparisonJob> Jobs { get; }

    /// <summary>What is known of all jobs now.</summary>
    public IReadOnlyList<JobRecord> Records => [.. Jobs.Select(job => Read(_folder, job))];

    /// <summary>What is known of a job; a waiting one where its folder holds nothing.</summary>
    public static JobRecord Read(string folder, ComparisonJob job)
    {
        var path = Path.Combine(FolderOf(folder, job), RecordFile);
        return File.Exists(path) ? JobRecord.FromJson(JsonFiles.ReadObject(path), path) : new JobRecord { Strategy = job.Strategy, Seed = job.Seed };
    }

    /// <summary>Does all jobs that are not finished.</summary>
    /// <param name="afterJob">Runs after each job that ended in this session.</param>
    /// <param name="cancel">Stops the running job after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the queue goes on when it is run again.</exception>
    public void Run(Action afterJob, CancellationToken cancel)
    {
        foreach (var job in Jobs)
        {
            var record = Read(_folder, job);
            if (record.State == JobState.Finished)
            {
                continue;
            }

            cancel.ThrowIfCancellationRequested();
            record = Run(job, record with { State = JobState.Begun, Error = null }, cancel);
            Save(job, record);
            _observer.OnJob(record);
            afterJob();
        }
    }

    private JobRecord Run(ComparisonJob job, JobRecord record, CancellationToken cancel)
    {
        Directory.CreateDirectory(FolderOf(_folder, job));
        Save(job, record);
        try
        {
            var genotype = record.Genotype is { } text ? Genotype.Parse(text) : null;
            if (genotype is null)
            {
                genotype = _work.Search(job, FolderOf(_folder, job), share => _observer.OnProgress(job, JobStage.Search, share), cancel);
                record = record with { Genotype = genotype.ToString() };
                Save(job, record);
                _observer.OnProgress(job, JobStage.Search, 1);
            }

            var result = _work.Train(job, genotype, FolderOf(_folder, job), share => _observer.OnProgress(job, JobStage.Train, share), cancel);
            _observer.OnProgress(job, JobStage.Train, 1);
            return record with { State = JobState.Finished, Result = result };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var what = error is InputException or DivergedException ? error.Message : $"{error.GetType().Name}: {error.Message.Split('\n', 2)[0]}";
            return record with { State = JobState.Failed, Error = what };
        }
    }

    private static string FolderOf(string folder, ComparisonJob job) => Path.Combine(folder, Folder, job.Name);

    private void Save(ComparisonJob job, JobRecord record) =>
        AtomicFile.WriteText(Path.Combine(FolderOf(_folder, job), RecordFile), JsonFiles.Format(record.ToJson()));
}
