using DcpNas.Jobs;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Comparison;

/// <summary>Works off the jobs of a comparison, one after the other or in processes side by side, and keeps the state of each on disk.</summary>
/// <remarks>
/// A finished job is never touched again, unless further trainings of its genotype are asked for; one that was begun, or failed, goes on from its last
/// checkpoint. A job that fails is recorded and the next one begins: one diverged search must not cost a night. Its error stands in the results.
/// </remarks>
internal sealed class ComparisonQueue
{
    /// <summary>The folder of the jobs within that of the comparison.</summary>
    public const string Folder = JobFiles.Folder;

    /// <summary>The record of a job in its folder.</summary>
    public const string RecordFile = "job.json";

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

    /// <summary>What is known of a job; a waiting one where its folder holds nothing, and a begun one where further trainings are asked for.</summary>
    public static JobRecord Read(string folder, ComparisonJob job)
    {
        var record = Read(folder, job.Strategy, job.Seed);
        return record.State == JobState.Finished && !record.Has(job.TrainSeeds) ? record with { State = JobState.Begun } : record;
    }

    /// <summary>What is known of the job of a row and a seed.</summary>
    public static JobRecord Read(string folder, string row, int seed) =>
        Read(folder, ComparisonJob.NameOf(row, seed)) ?? new JobRecord { Strategy = row, Seed = seed };

    /// <summary>Whether an earlier session has begun the job of a row and a seed.</summary>
    public static bool HasBegun(string folder, string row, int seed) => File.Exists(PathOf(folder, ComparisonJob.NameOf(row, seed)));

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
            _observer.OnJob(Do(job, cancel));
            afterJob();
        }
    }

    /// <summary>Does all jobs that are not finished in processes of their own, several at a time.</summary>
    /// <param name="processes">Starts them; each calls <see cref="Do"/>.</param>
    /// <param name="afterJob">Runs after each job that ended in this session.</param>
    /// <param name="cancel">Stops the running jobs after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the queue goes on when it is run again.</exception>
    public void Run(IJobProcesses processes, Action afterJob, CancellationToken cancel)
    {
        var byName = Jobs.ToDictionary(job => job.Name);
        new JobScheduler(processes).Run([.. Pending()], Take, cancel);

        void Take(JobEvent happened)
        {
            var job = byName[happened.Job];
            switch (happened)
            {
                case JobProgressed progressed when Enum.TryParse<JobStage>(progressed.Part, out var stage):
                    _observer.OnProgress(job, stage, progressed.Share);
                    break;
                case JobWarned warned:
                    _observer.OnWarning(warned.Text);
                    break;
                case JobEnded ended when !cancel.IsCancellationRequested:
                    _observer.OnJob(RecordOfEnded(job, ended));
                    afterJob();
                    break;
            }
        }
    }

    /// <summary>The jobs that are not finished, with those whose results they read.</summary>
    public IEnumerable<PendingJob> Pending() => Jobs.Where(job => Read(_folder, job).State != JobState.Finished)
        .Select(job => new PendingJob(job.Name, [.. ((string?[])[job.GenotypeFrom, job.BudgetFrom]).OfType<string>()]));

    /// <summary>Does one job to its end, and keeps what came of it.</summary>
    /// <returns>A finished or failed record.</returns>
    /// <exception cref="InputException">Another process does it now.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; it goes on when it is done again.</exception>
    public JobRecord Do(ComparisonJob job, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        Directory.CreateDirectory(FolderOf(job));
        using var held = RunLock.Take(FolderOf(job));
        var record = Read(_folder, job);
        if (record.State != JobState.Finished)
        {
            record = Run(job, record with { State = JobState.Begun, Error = null }, cancel);
            Save(job, record);
        }

        return record;
    }

    private static JobRecord? Read(string folder, string name)
    {
        var path = PathOf(folder, name);
        return File.Exists(path) ? JobRecord.FromJson(JsonFiles.ReadObject(path), path) : null;
    }

    private static string PathOf(string folder, string name) => Path.Combine(folder, Folder, name, RecordFile);

    /// <summary>What a process left; where it died, the record says so.</summary>
    private JobRecord RecordOfEnded(ComparisonJob job, JobEnded ended)
    {
        var record = Read(_folder, job);
        if (record.State is JobState.Finished or JobState.Failed)
        {
            return record;
        }

        record = record with { State = JobState.Failed, Error = ended.Error };
        Directory.CreateDirectory(FolderOf(job));
        Save(job, record);
        return record;
    }

    private JobRecord Run(ComparisonJob job, JobRecord record, CancellationToken cancel)
    {
        Save(job, record);
        try
        {
            if (record.Genotype is null)
            {
                record = Find(job, record, cancel);
                Save(job, record);
                _observer.OnProgress(job, JobStage.Search, 1);
            }

            var genotype = Genotype.Parse(record.Genotype!);
            foreach (var (seed, place) in job.TrainSeeds.Select((seed, place) => (seed, place)).Where(training => !record.Has([training.seed])))
            {
                var result = _work.Train(
                    job, seed, genotype, FolderOf(job), share => _observer.OnProgress(job, JobStage.Train, (place + Math.Clamp(share, 0, 1)) / job.TrainSeeds.Count), cancel);
                record = record.With(new TrainingRecord(seed, result));
                Save(job, record);
            }

            _observer.OnProgress(job, JobStage.Train, 1);
            return record with { State = JobState.Finished };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var what = error is InputException or DivergedException ? error.Message : $"{error.GetType().Name}: {error.Message.Split('\n', 2)[0]}";
            return Read(_folder, job.Name)! with { State = JobState.Failed, Error = what };
        }
    }

    private JobRecord Find(ComparisonJob job, JobRecord record, CancellationToken cancel)
    {
        if (job.GenotypeFrom is { } from && (Read(_folder, from)?.Genotype is not null || Jobs.Any(other => other.Name == from)))
        {
            var other = Read(_folder, from);
            return other?.Genotype is { } shared
                ? record with { Genotype = shared, SearchCpuSeconds = other.SearchCpuSeconds, Selection = other.Selection }
                : throw new InputException($"{from}, which finds the genotype of this row too, has none{Reason(other)}. Run the command again once it has.");
        }

        var found = _work.Find(job, FolderOf(job), BudgetOf(job), share => _observer.OnProgress(job, JobStage.Search, share), cancel);
        return record with { Genotype = found.Genotype.ToString(), SearchCpuSeconds = found.CpuSeconds, Selection = found.Selection };
    }

    /// <summary>What the search of the primary row took.</summary>
    private double? BudgetOf(ComparisonJob job)
    {
        if (job.BudgetFrom is not { } from)
        {
            return null;
        }

        var primary = Read(_folder, from);
        return primary is not { Genotype: not null }
            ? throw new InputException($"{from}, whose search says how much CPU time there is, has found no genotype{Reason(primary)}. Run its row and this seed first.")
            : primary.SearchCpuSeconds
                ?? throw new InputException($"{from} was searched by a version that did not measure CPU time. Give the number of candidates in a row of your own, or delete {Path.GetDirectoryName(PathOf(_folder, from))} to search again.");
    }

    private static string Reason(JobRecord? record) => record?.Error is { } error ? $" ({error.TrimEnd('.')})" : "";

    private string FolderOf(ComparisonJob job) => Path.Combine(_folder, Folder, job.Name);

    private void Save(ComparisonJob job, JobRecord record) => AtomicFile.WriteText(PathOf(_folder, job.Name), JsonFiles.Format(record.ToJson()));
}
