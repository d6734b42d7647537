using DcpNas.Search;

namespace DcpNas.Comparison;

/// <summary>One cell of a comparison: a strategy with a seed, searched, trained and tested.</summary>
/// <param name="Strategy">The name of the row that does the work.</param>
/// <param name="Seed">Seed of the search and of the training.</param>
/// <param name="Search">What is searched.</param>
public sealed record ComparisonJob(string Strategy, int Seed, SearchOptions Search)
{
    /// <summary>The folder of the job within that of the comparison; also its name in messages.</summary>
    public string Name => $"{Strategy}-seed{Seed}";

    /// <summary>All jobs: seed by seed, so that the first rows can be compared early; rows with the same search share a job.</summary>
    public static IReadOnlyList<ComparisonJob> Plan(ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. options.Seeds.SelectMany(seed => options.Strategies.Select(name => ComparisonStrategies.WorkerOf(name, options.Search)).Distinct()
                .Select(strategy => new ComparisonJob(strategy.Name, seed, strategy.Apply(options.Search) with { Seed = seed }))),
        ];
    }
}
