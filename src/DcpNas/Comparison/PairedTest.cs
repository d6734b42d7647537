using MathNet.Numerics.Distributions;

namespace DcpNas.Comparison;

/// <summary>Student's paired t-test: whether two methods that were measured under the same conditions (here: seeds) differ.</summary>
/// <remarks>
/// The differences <c>d_i = a_i - b_i</c> have the mean m and the standard deviation s (divisor n - 1); <c>t = m / (s / sqrt(n))</c> has n - 1 degrees of
/// freedom, and <c>p = P(|T| >= |t|)</c>, two-sided. Pairing takes out what a seed does to both. Assumes that the differences are about normally distributed
/// and independent of each other; with few pairs only large differences can be seen. p is not corrected for the number of comparisons.
/// </remarks>
/// <param name="Differences">The statistics of the differences, first minus second.</param>
/// <param name="T">The test statistic; infinite where all differences are equal and not 0, 0 where all are 0; null for a single pair.</param>
/// <param name="P">Two-sided, from 0 to 1; null for a single pair, of which nothing can be said.</param>
public sealed record PairedTest(SampleStatistics Differences, double? T, double? P)
{
    /// <summary>The level below which a report calls a difference significant.</summary>
    public const double Level = 0.05;

    /// <summary>Whether p is below <see cref="Level"/>.</summary>
    public bool IsSignificant => P < Level;

    /// <summary>Compares two methods.</summary>
    /// <param name="first">One value per condition.</param>
    /// <param name="second">One value per condition, in the same order.</param>
    /// <exception cref="ArgumentException">There are no pairs, or the lengths differ.</exception>
    public static PairedTest Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"second must hold as many values as first ({first.Count}), got {second.Count}.", nameof(second));
        }

        var differences = SampleStatistics.Of([.. first.Zip(second, (a, b) => a - b)]);
        if (differences.StandardDeviation is not { } deviation)
        {
            return new PairedTest(differences, null, null);
        }

        if (deviation == 0)
        {
            return differences.Mean == 0 ? new PairedTest(differences, 0, 1) : new PairedTest(differences, Math.Sign(differences.Mean) * double.PositiveInfinity, 0);
        }

        var t = differences.Mean / (deviation / Math.Sqrt(differences.Count));
        return new PairedTest(differences, t, 2 * StudentT.CDF(0, 1, differences.Count - 1, -Math.Abs(t)));
    }
}
