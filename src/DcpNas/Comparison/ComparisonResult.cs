using DcpNas.Populations;

namespace DcpNas.Comparison;

/// <summary>What a comparison has come to so far.</summary>
/// <param name="Options">The comparison, earlier sessions included.</param>
/// <param name="Dataset">What was learned from.</param>
/// <param name="TargetOps">The common cost.</param>
/// <param name="Rows">The rows, in their order.</param>
public sealed record ComparisonResult(ComparisonOptions Options, string Dataset, double TargetOps, IReadOnlyList<ComparisonRow> Rows)
{
    /// <summary>Random networks of the same testbed, or null.</summary>
    public PopulationTable? Population { get; init; }

    /// <summary>How the searches rank the networks of the population; those alone that have scored them.</summary>
    public IReadOnlyList<SearchRank> Ranks { get; init; } = [];

    /// <summary>The rows, the best mean first; those without a result last.</summary>
    public IReadOnlyList<ComparisonRow> Ranked => [.. Rows.OrderByDescending(row => row.Top1?.Mean ?? double.NegativeInfinity)];

    /// <summary>The jobs, each once.</summary>
    public IReadOnlyList<JobRecord> Jobs => [.. Rows.SelectMany(row => row.Jobs).DistinctBy(job => job.Name)];

    /// <summary>The primary row.</summary>
    public ComparisonRow Primary => Rows.First(row => row.Name == Options.PrimaryRow);

    /// <summary>Images of the test; 0 without a result.</summary>
    public long TestImages => Rows.Select(row => row.TestImages).FirstOrDefault(images => images > 0);

    /// <summary>The result from what is known of the jobs.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="dataset">What was learned from.</param>
    /// <param name="targetOps">The common cost.</param>
    /// <param name="records">The jobs.</param>
    /// <param name="population">Random networks of the same testbed, or null.</param>
    public static ComparisonResult Of(
        ComparisonOptions options, string dataset, double targetOps, IReadOnlyList<JobRecord> records, PopulationTable? population = null) =>
        new(options, dataset, targetOps, ComparisonRow.Of(options, records, population)) { Population = population };
}
