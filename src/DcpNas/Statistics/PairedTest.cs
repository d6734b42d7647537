using MathNet.Numerics.Distributions;

namespace DcpNas.Statistics;

/// <summary>Student's paired t-test: whether two methods that were measured under the same conditions (here: seeds) differ.</summary>
/// <remarks>
/// The differences <c>d_i = a_i - b_i</c> have the mean m and the standard deviation s (divisor n - 1); <c>t = m / (s / sqrt(n))</c> has n - 1 degrees of
/// freedom, and <c>p = P(|T| >= |t|)</c>, two-sided. Pairing takes out what a seed does to both. Assumes that the differences are about normally distributed
/// and independent of each other; with few pairs only large differences can be seen. p is not corrected for the number of comparisons. Where all differences are
/// equal there is no t and no p: a spread of 0 means that the seeds did not vary, or that the measure is too coarse to show it, and says nothing of other seeds.
/// </remarks>
/// <param name="Differences">The statistics of the differences, first minus second.</param>
/// <param name="T">The test statistic; null for a single pair and for differences without any spread.</param>
/// <param name="P">Two-sided, from 0 to 1; null where there is no t.</param>
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
        if (differences.StandardDeviation is not { } deviation || deviation <= Rounding(first, second))
        {
            return new PairedTest(differences, null, null);
        }

        var t = differences.Mean / (deviation / Math.Sqrt(differences.Count));
        return new PairedTest(differences, t, 2 * StudentT.CDF(0, 1, differences.Count - 1, -Math.Abs(t)));
    }

    /// <summary>The most that rounding makes of differences which are equal: 0.38 - 0.37 is not 0.28 - 0.27 in binary.</summary>
    private static double Rounding(IEnumerable<double> first, IEnumerable<double> second) => 4 * Math.Pow(2, -52) * first.Concat(second).Max(Math.Abs);
}
