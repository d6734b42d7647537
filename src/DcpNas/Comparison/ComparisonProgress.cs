using System.Diagnostics;
using DcpNas.Runs;

namespace DcpNas.Comparison;

/// <summary>Time left in a comparison: a hundred steps per part of a job, timed apart for the searches of each strategy and for training.</summary>
public sealed class ComparisonProgress
{
    private const int Steps = 100;
    private readonly ProgressEstimate _estimate;
    private readonly int _atATime;
    private readonly Dictionary<(string Job, JobStage Stage), (long Last, int Done)> _parts = [];

    /// <summary>Begins with what earlier sessions left.</summary>
    /// <param name="records">All jobs.</param>
    /// <param name="atATime">How many run at the same time.</param>
    public ComparisonProgress(IReadOnlyList<JobRecord> records, int atATime = 1)
    {
        _atATime = atATime;
        ArgumentNullException.ThrowIfNull(records);
        var kinds = records.SelectMany(record => ((JobStage[])[JobStage.Search, JobStage.Train]).Select(stage => KindOf(record.Strategy, stage)));
        _estimate = new ProgressEstimate(kinds.GroupBy(kind => kind).ToDictionary(kind => kind.Key, kind => (long)Steps * kind.Count()));
        foreach (var record in records)
        {
            _estimate.Skip(KindOf(record.Strategy, JobStage.Search), record.Genotype is null ? 0 : Steps);
            _estimate.Skip(KindOf(record.Strategy, JobStage.Train), record.State == JobState.Finished ? Steps : 0);
        }
    }

    /// <summary>Share of the work that is done, 0 to 1.</summary>
    public double Fraction => _estimate.Fraction;

    /// <summary>The time left; null as long as nothing was timed.</summary>
    public TimeSpan? TimeLeft => _estimate.TimeLeft / _atATime;

    /// <summary>Whether a kind of work that is still to come was not timed yet.</summary>
    public bool IsRough => _estimate.IsRough;

    /// <summary>Takes in that a part of a job has gone on.</summary>
    public void Add(ComparisonJob job, JobStage stage, double share)
    {
        ArgumentNullException.ThrowIfNull(job);
        var (now, done) = (Stopwatch.GetTimestamp(), (int)(Math.Clamp(share, 0, 1) * Steps));
        if (!_parts.TryGetValue((job.Name, stage), out var part))
        {
            // What a resumed part has done already says nothing about today's speed.
            _parts[(job.Name, stage)] = (now, done);
            _estimate.Skip(KindOf(job.Strategy, stage), done);
            return;
        }

        if (done <= part.Done)
        {
            return;
        }

        var seconds = Stopwatch.GetElapsedTime(part.Last, now).TotalSeconds / (done - part.Done);
        for (var step = part.Done; step < done; step++)
        {
            _estimate.Record(KindOf(job.Strategy, stage), seconds);
        }

        _parts[(job.Name, stage)] = (now, done);
    }

    private static string KindOf(string strategy, JobStage stage) => stage == JobStage.Train ? "train" : $"search {strategy}";
}
