using static DcpNas.Comparison.ComparisonTables;

namespace DcpNas.Comparison;

/// <summary>What the searches of a comparison know of the population: Kendall's tau by row, alike on the terminal, on the page and in Markdown.</summary>
public static class SearchRankTable
{
    private static readonly (string Key, string Head)[] Scores =
    [
        ("log_likelihood", "log likelihood#"), ("child_top1", "Child, top-1#"), ("child_loss", "Child, loss#"), ("parent_top1", "Parent, top-1#"), ("parent_loss", "Parent, loss#"), ("discrepancy", "Child above Parent, loss#"), ("ops", "OPs#"),
    ];

    /// <summary>Column heads, those of numbers with a '#'.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["row", "searches#", .. Scores.Select(score => score.Head)];

    /// <summary>What the table is of.</summary>
    public const string Title = "What the searches know: Kendall's tau with the trained accuracy of the random networks";

    /// <summary>How the table is to be read.</summary>
    public const string Explanation = "tau-b, the mean over searches with the lowest and the highest: 1 where a score orders the random networks as their trained accuracy does, 0 where it says nothing, "
        + "-1 where it says the opposite. Log likelihood: of the genotype under alpha. Child, Parent: the discrete network with the shared weights of that supernet; cross entropies, and the Child's above the Parent's, count from "
        + "high to low. OPs need no search.";

    /// <summary>The rows whose searches have scored the population, in their order.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Ranks.GroupBy(rank => rank.Row).Select(row => (IReadOnlyList<string>)
        [
            row.Key, Text($"{row.Count()}"), .. Scores.Select(score => Show([.. row.Select(rank => rank.Taus.GetValueOrDefault(score.Key)).OfType<double>()])),
        ])];
    }

    private static string Show(IReadOnlyList<double> taus) => taus.Count == 0 ? ""
        : Text($"{taus.Average():+0.00;-0.00;0.00}") + (taus.Distinct().Count() == 1 ? "" : Text($" ({taus.Min():+0.00;-0.00;0.00} to {taus.Max():+0.00;-0.00;0.00})"));
}
