using DcpNas.Populations;
using DcpNas.Statistics;
using static DcpNas.Comparison.ComparisonTables;

namespace DcpNas.Comparison;

/// <summary>The rows of a comparison among its population, alike on the terminal, on the page and in Markdown.</summary>
public static class PopulationPlaceTable
{
    /// <summary>Column heads, those of numbers with a '#'.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["row", "percentile, mean#", "by seed#", "difference, points#", "p (Holm)#", "effect#"];

    /// <summary>How the table is to be read.</summary>
    public static string Explanation { get; } = "Percentile: how many per cent of the random networks are worse, ties counted half. "
        + "Difference: mean of the row minus mean of the random networks, with its 95 % interval; p: Welch's test, two-sided, corrected by Holm for the number of rows. "
        + "Effect: Glass' delta, the difference in standard deviations of the random networks.";

    /// <summary>What the table is of.</summary>
    public static string Title(PopulationTable population)
    {
        ArgumentNullException.ThrowIfNull(population);
        return Text($"Among the {population.Sample.Count} random networks of the population");
    }

    /// <summary>The rows that are trained like the population, the best first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Ranked.Where(row => row.Place is not null).Select(row => (Row: row, Place: row.Place!)).Select(pair => (IReadOnlyList<string>)
        [
            NameOf(result, pair.Row),
            Number(pair.Place.Percentile, "0.0"),
            string.Join(", ", pair.Place.Percentiles.OrderBy(seed => seed.Key).Select(seed => Number(seed.Value, "0.#"))),
            pair.Place.Test is { } test ? Difference(test, pair.Row.TestImages) : "",
            P(pair.Place.AdjustedP),
            Number(pair.Place.EffectSize, "0.0"),
        ])];
    }

    /// <summary>What explains the table, one sentence each.</summary>
    internal static IReadOnlyList<string> Notes(ComparisonResult result)
    {
        if (result.Population is not { } population)
        {
            return [];
        }

        string[] others = [.. result.Rows.Where(row => row is { Top1: not null, Place: null }).Select(row => row.Name)];
        var accuracy = population.Accuracy;
        var deviation = accuracy.StandardDeviation is { } spread ? Text($", standard deviation {spread * 100:0.0} points") : "";
        return
        [
            Text($"Population: {population.Sample.Count} random networks, mean {accuracy.Mean * 100:0.0} %{deviation}, best {population.Quantile(1) * 100:0.0} %."),
            .. RandomKExpectation.Of(result).Select(expected => expected.Sentence),
            .. others.Length == 0 ? [] : (string[])[$"No percentile for {string.Join(", ", others)}: trained otherwise than the population."],
        ];
    }

    /// <summary>What makes percentiles less than they seem.</summary>
    internal static IReadOnlyList<string> Warnings(ComparisonResult result) => result is not { Population: { } population, Options.EqualOps: true } ? [] :
    [
        Text($"The networks of the population all have {JsonFiles.Show(population.Header.Train["channels"])} channels ({population.Sample.Average(network => network.Ops) / 1e6:0.000} M OPs on average),")
            + Text($" those here {result.TargetOps / 1e6:0.000} M OPs at a width of their own: percentiles compare networks of unequal size. With equal_ops = false all have the width of train."),
    ];

    private static string Difference(WelchTest test, long images) =>
        $"{(test.Difference < 0 ? "-" : "+")}{Proportion.Percent(Math.Abs(test.Difference), images)}{(test.HalfWidth is { } half ? $" ± {Proportion.Percent(half, images)}" : "")}";
}
