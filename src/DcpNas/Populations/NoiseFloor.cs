using DcpNas.Statistics;

namespace DcpNas.Populations;

/// <summary>How far accuracies differ by chance of the training and how far by the genotype.</summary>
/// <remarks>
/// Within: the square root of the mean variance over training seeds of each repeated genotype. Total: the deviation over genotypes of single trainings. Between:
/// <c>sqrt(total^2 - within^2)</c>, what would remain without noise, at least 0 (one-way random effects). Reliability: <c>between^2 / total^2</c>, the correlation of two
/// trainings of the same genotypes; no score of genotypes can be expected to correlate with one training by more than its square root.
/// </remarks>
/// <param name="Genotypes">Genotypes that were trained with several seeds.</param>
/// <param name="Trainings">Their trainings.</param>
/// <param name="Within">Standard deviation over training seeds.</param>
/// <param name="Total">Standard deviation over genotypes, one training each; null for one genotype.</param>
public sealed record NoiseFloor(int Genotypes, int Trainings, double Within, double? Total)
{
    /// <summary>Standard deviation over genotypes without the noise of the training.</summary>
    public double? Between => Total is { } total ? Math.Sqrt(Math.Max(0, (total * total) - (Within * Within))) : null;

    /// <summary>Share of the variance that belongs to the genotype; null where all accuracies are equal.</summary>
    public double? Reliability => Total is > 0 ? Between * Between / (Total * Total) : null;

    /// <summary>The noise of a population; null where no genotype was trained with two seeds.</summary>
    public static NoiseFloor? Of(PopulationTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var repeated = table.Networks.GroupBy(network => network.GenotypeSeed)
            .Select(group => SampleStatistics.Of([.. group.Select(network => network.TestTop1)])).Where(sample => sample.Count > 1).ToList();
        if (repeated.Count == 0 || table.Sample.Count == 0)
        {
            return null;
        }

        // Each genotype's variance weighs by its degrees of freedom.
        var squares = repeated.Sum(sample => (sample.Count - 1) * sample.StandardDeviation!.Value * sample.StandardDeviation.Value);
        var within = Math.Sqrt(squares / repeated.Sum(sample => sample.Count - 1));
        return new NoiseFloor(repeated.Count, repeated.Sum(sample => sample.Count), within, table.Accuracy.StandardDeviation);
    }
}
