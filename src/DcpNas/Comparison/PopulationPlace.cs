using DcpNas.Populations;
using DcpNas.Statistics;
using DcpNas.Tasks.Classification;

namespace DcpNas.Comparison;

/// <summary>The place of a row among the random networks of a population that were trained like it.</summary>
/// <param name="Percentiles">By seed of the job: how many per cent of the random networks are worse, ties counted half; the mean over its trainings.</param>
/// <param name="Test">Welch's test of the row's seeds against the random networks; null for the row random, which is no claim.</param>
/// <param name="AdjustedP">p after Holm's correction over the rows; null where there is no p.</param>
/// <param name="EffectSize">Glass' delta: the difference in standard deviations of the random networks; null with <paramref name="Test"/>.</param>
public sealed record PopulationPlace(IReadOnlyDictionary<int, double> Percentiles, WelchTest? Test, double? AdjustedP, double? EffectSize)
{
    /// <summary>The mean over the jobs.</summary>
    public double Percentile => Percentiles.Values.Average();

    /// <summary>The places of all rows, their tests corrected together; rows that share their jobs count once.</summary>
    /// <param name="population">The random networks, or null.</param>
    /// <param name="train">How these were trained.</param>
    /// <param name="rows">The rows with their means.</param>
    /// <returns>One per row; null without a population, without a result, and where a row is trained otherwise.</returns>
    internal static IReadOnlyList<PopulationPlace?> Of(PopulationTable? population, TrainOptions train, IReadOnlyList<ComparisonRow> rows)
    {
        var places = rows.DistinctBy(row => row.Entry.Worker).Select(row => (row.Entry.Worker, Place: Of(population, train, row))).ToList();
        var adjusted = HolmCorrection.Adjust([.. places.Select(pair => pair.Place?.Test?.P)]);
        var byWorker = places.Zip(adjusted).ToDictionary(pair => pair.First.Worker, pair => pair.First.Place is { } place ? place with { AdjustedP = pair.Second } : null);
        return [.. rows.Select(row => byWorker[row.Entry.Worker])];
    }

    private static PopulationPlace? Of(PopulationTable? population, TrainOptions train, ComparisonRow row)
    {
        if (population is null || row.Top1 is null || row.Entry.Train != train)
        {
            return null;
        }

        var percentiles = row.Jobs.Where(job => job.Trainings.Count > 0)
            .ToDictionary(job => job.Seed, job => job.Trainings.Average(training => population.Percentile(training.Result.Top1)));
        return row.Entry.Worker == ComparisonStrategies.Random
            ? new PopulationPlace(percentiles, null, null, null)
            : new PopulationPlace(percentiles, WelchTest.Of(row.Top1, population.Accuracy), null, Statistics.EffectSize.AgainstControl(row.Top1, population.Accuracy));
    }
}
