using MathNet.Numerics.Distributions;

namespace DcpNas.Statistics;

/// <summary>What a few repeated measurements say about their mean.</summary>
/// <param name="Count">Measurements.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Of the population, estimated with divisor n - 1; null for a single measurement.</param>
public sealed record SampleStatistics(int Count, double Mean, double? StandardDeviation)
{
    /// <summary>The confidence of <see cref="HalfWidth"/>.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// Half the width of the 95 % interval of the mean, <c>t(0.975, n - 1) s / sqrt(n)</c>; null for a single measurement, which has no interval.
    /// Assumes independent measurements that are about normally distributed.
    /// </summary>
    public double? HalfWidth => StandardDeviation is { } deviation ? Quantile(Count - 1) * deviation / Math.Sqrt(Count) : null;

    /// <summary>Lower end of the 95 % interval.</summary>
    public double? Low => Mean - HalfWidth;

    /// <summary>Upper end of the 95 % interval.</summary>
    public double? High => Mean + HalfWidth;

    /// <summary>The statistics of measurements.</summary>
    /// <param name="values">At least one, all finite.</param>
    /// <exception cref="ArgumentException">There is none, or one is not finite.</exception>
    public static SampleStatistics Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0 || !values.All(double.IsFinite))
        {
            throw new ArgumentException($"values must be at least one finite number, got [{string.Join(", ", values)}].", nameof(values));
        }

        // Two passes: the one-pass formula cancels where the mean is large against the deviation. Equal values have the deviation 0 exactly.
        var mean = values.All(value => value == values[0]) ? values[0] : values.Sum() / values.Count;
        return new SampleStatistics(
            values.Count, mean, values.Count == 1 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }

    /// <summary>The 97.5 % quantile of Student's t distribution.</summary>
    /// <param name="degrees">Degrees of freedom, at least 1; Welch's are no whole number.</param>
    internal static double Quantile(double degrees) => StudentT.InvCDF(0, 1, degrees, (1 + Confidence) / 2);
}
