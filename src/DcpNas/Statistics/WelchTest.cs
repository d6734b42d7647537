using MathNet.Numerics.Distributions;

namespace DcpNas.Statistics;

/// <summary>Welch's t-test: whether two independent samples have different means, their spreads being what they are.</summary>
/// <remarks>
/// <c>t = (m1 - m2) / sqrt(v1 + v2)</c> with <c>v = s^2 / n</c>, and <c>(v1 + v2)^2 / (v1^2 / (n1 - 1) + v2^2 / (n2 - 1))</c> degrees of freedom; p is two-sided.
/// Source: Welch, "The generalization of Student's problem", Biometrika 34, 1947.
/// </remarks>
/// <param name="Difference">The mean of the first minus that of the second.</param>
/// <param name="T">The test statistic; null where a sample has fewer than two values, or neither has a spread.</param>
/// <param name="Degrees">Degrees of freedom; null with <paramref name="T"/>.</param>
/// <param name="P">Two-sided, from 0 to 1; null with <paramref name="T"/>.</param>
public sealed record WelchTest(double Difference, double? T, double? Degrees, double? P)
{
    /// <summary>Half the width of the 95 % interval of the difference, <c>t(0.975, degrees) sqrt(v1 + v2)</c>; null with <see cref="T"/>.</summary>
    public double? HalfWidth { get; private init; }

    /// <summary>Compares two samples.</summary>
    public static WelchTest Of(SampleStatistics first, SampleStatistics second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var difference = first.Mean - second.Mean;
        if (first.StandardDeviation is not { } a || second.StandardDeviation is not { } b || a + b == 0)
        {
            return new WelchTest(difference, null, null, null);
        }

        var (v1, v2) = (a * a / first.Count, b * b / second.Count);
        var error = Math.Sqrt(v1 + v2);
        var t = difference / error;
        var degrees = (v1 + v2) * (v1 + v2) / ((v1 * v1 / (first.Count - 1)) + (v2 * v2 / (second.Count - 1)));
        return new WelchTest(difference, t, degrees, 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(t))) { HalfWidth = SampleStatistics.Quantile(degrees) * error };
    }
}
