using DcpNas.Statistics;

namespace DcpNas.Comparison;

/// <summary>A row of the result: a strategy over its seeds.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Worker">The strategy whose jobs are its results; another one where both ask for the same search.</param>
/// <param name="Jobs">One per seed, in the order of the seeds.</param>
/// <param name="Top1">Over the finished seeds; null without any.</param>
/// <param name="AgainstRandom">Paired test of top-1 by seed over the seeds that both have; null for the yardstick itself, and without common seeds.</param>
public sealed record ComparisonRow(ComparisonStrategy Strategy, string Worker, IReadOnlyList<JobRecord> Jobs, SampleStatistics? Top1, PairedTest? AgainstRandom)
{
    /// <summary>The results of the finished seeds.</summary>
    public IEnumerable<JobResult> Results => Jobs.Where(job => job.State == JobState.Finished).Select(job => job.Result!);

    /// <summary>The rows of a comparison from its jobs.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="records">What is known of its jobs; those that are missing count as waiting.</param>
    public static IReadOnlyList<ComparisonRow> Of(ComparisonOptions options, IEnumerable<JobRecord> records)
    {
        ArgumentNullException.ThrowIfNull(options);
        var known = records.ToDictionary(record => (record.Strategy, record.Seed));
        return [.. options.Strategies.Select(name =>
        {
            var worker = ComparisonStrategies.WorkerOf(name, options.Search).Name;
            var jobs = Of(worker);
            var finished = jobs.Where(IsFinished).Select(job => job.Result!.Top1).ToList();
            var pairs = jobs.Zip(Of(ComparisonStrategies.Random)).Where(pair => IsFinished(pair.First) && IsFinished(pair.Second)).ToList();
            return new ComparisonRow(
                ComparisonStrategies.Get(name), worker, jobs,
                finished.Count == 0 ? null : SampleStatistics.Of(finished),
                worker == ComparisonStrategies.Random || pairs.Count == 0
                    ? null
                    : PairedTest.Of([.. pairs.Select(pair => pair.First.Result!.Top1)], [.. pairs.Select(pair => pair.Second.Result!.Top1)]));
        })];

        List<JobRecord> Of(string strategy) =>
            [.. options.Seeds.Select(seed => known.GetValueOrDefault((strategy, seed)) ?? new JobRecord { Strategy = strategy, Seed = seed })];

        static bool IsFinished(JobRecord job) => job.State == JobState.Finished;
    }
}
