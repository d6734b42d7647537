using System.Diagnostics;
using DcpNas.Runs;

namespace DcpNas.Comparison;

/// <summary>Time left in a comparison: a hundred steps per part of a job, timed apart for the searches of each strategy and for training.</summary>
public sealed class ComparisonProgress
{
    private const int Steps = 100;
    private readonly ProgressEstimate _estimate;
    private (string Job, JobStage Stage) _current;
    private long _last;
    private int _done;

    /// <summary>Begins with what earlier sessions left.</summary>
    /// <param name="records">All jobs.</param>
    public ComparisonProgress(IReadOnlyList<JobRecord> records)
    {
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
    public TimeSpan? TimeLeft => _estimate.TimeLeft;

    /// <summary>Whether a kind of work that is still to come was not timed yet.</summary>
    public bool IsRough => _estimate.IsRough;

    /// <summary>Takes in that a part of a job has gone on.</summary>
    public void Add(ComparisonJob job, JobStage stage, double share)
    {
        ArgumentNullException.ThrowIfNull(job);
        var (now, done) = (Stopwatch.GetTimestamp(), (int)(Math.Clamp(share, 0, 1) * Steps));
        if (_current != (job.Name, stage))
        {
            // What a resumed part has done already says nothing about today's speed.
            (_current, _last, _done) = ((job.Name, stage), now, done);
            _estimate.Skip(KindOf(job.Strategy, stage), done);
            return;
        }

        var seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds / Math.Max(1, done - _done);
        for (; _done < done; _done++)
        {
            _estimate.Record(KindOf(job.Strategy, stage), seconds);
            _last = now;
        }
    }

    private static string KindOf(string strategy, JobStage stage) => stage == JobStage.Train ? "train" : $"search {strategy}";
}
