using DcpNas.Populations;
using DcpNas.Runs;

namespace DcpNas.Comparison;

/// <summary>How the search of a job ranks the networks of the population, from its <c>rank.json</c>.</summary>
/// <param name="Row">The row.</param>
/// <param name="Seed">The seed of the search.</param>
/// <param name="Taus">Kendall's tau-b by the key of the score (<see cref="RankMeasure"/>); null where all scores are equal.</param>
public sealed record SearchRank(string Row, int Seed, IReadOnlyDictionary<string, double?> Taus)
{
    /// <summary>Lets every finished search score the population, as <c>dcpnas rank</c> does, unless it has done so; what fails is named, and the next one begins.</summary>
    /// <param name="folder">The folder of the comparison; holds the table.</param>
    /// <param name="result">What it has come to.</param>
    /// <param name="observer">Is told of each.</param>
    /// <param name="cancel">Stops between two networks; the finished searches keep their scores.</param>
    internal static void Score(RunFolder folder, ComparisonResult result, IComparisonObserver observer, CancellationToken cancel)
    {
        foreach (var (row, job, path) in Searches(folder, result))
        {
            if (Of(row, job, path, result.Population!) is not null)
            {
                continue;
            }

            observer.OnRank(job.Name, result.Population!.Sample.Count);
            var options = new RankCorrelationOptions(path, folder.PathOf(ComparisonPopulation.File)) { Accuracy = row.Place is null ? null : job.Result?.Top1 };
            try
            {
                RankCorrelationRun.Execute(options, (_, _) => { }, text => observer.OnWarning($"{job.Name}: {text}"), cancel);
            }
            catch (InputException error)
            {
                observer.OnWarning($"{job.Name}: no rank correlation: {error.Message}");
            }
        }
    }

    /// <summary>The ranks of all searches that have scored this population, by this command or by <c>dcpnas rank</c>.</summary>
    internal static IReadOnlyList<SearchRank> In(RunFolder folder, ComparisonResult result) =>
        result.Population is { } population ? [.. Searches(folder, result).Select(search => Of(search.Row, search.Job, search.Path, population)).OfType<SearchRank>()] : [];

    private static IEnumerable<(ComparisonRow Row, JobRecord Job, string Path)> Searches(RunFolder folder, ComparisonResult result) =>
        result.Rows.Where(row => row is { IsShared: false, Entry: { Kind: RowKind.Search, Search.Row.IsDrawn: false } })
            .SelectMany(row => row.Jobs.Where(job => job.Genotype is not null)
                .Select(job => (row, job, Path: Path.Combine(folder.Path, ComparisonQueue.Folder, job.Name, ComparisonWork.SearchFolder))))
            .Where(search => File.Exists(Path.Combine(search.Path, RunFiles.Options))); // a row that shares another one's search has none

    private static double? TauOf(JsonPart measure) => measure["kendall_tau_b"] is { IsMissing: false } tau ? tau.Real() : null;

    private static SearchRank? Of(ComparisonRow row, JobRecord job, string path, PopulationTable population)
    {
        using var run = RunFolder.OpenForReading(path);
        if (run.ReadJson(RunFiles.Rank) is not { } json)
        {
            return null;
        }

        // Scores of another population, or of a part of it, say something else.
        var rank = new JsonPart(json, run.PathOf(RunFiles.Rank), "", "Delete the file to score the networks again.");
        var scored = rank["rows"].Items().Select(one => (one["genotype"].Text(), one["test_top1"].Real()));
        return scored.SequenceEqual(population.Sample.Select(network => (network.Genotype, network.TestTop1)))
            ? new SearchRank(row.Name, job.Seed, rank["measures"].Items().ToDictionary(measure => measure["key"].Text(), TauOf))
            : null;
    }
}
