using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace DcpNas.Statistics;

/// <summary>What a paired t-test can see: the probability to find a true difference, and the number of pairs that it takes.</summary>
/// <remarks>
/// With n pairs whose differences have the true mean delta and the standard deviation s, t follows the noncentral t distribution of n - 1 degrees of freedom
/// with the noncentrality <c>delta sqrt(n) / s</c>; the power is the probability that |t| exceeds the critical value. It is integrated over the distribution of
/// the estimated deviation, <c>P(T &gt; c) = integral of Phi(ncp - c u) f(u) du</c> with <c>u = sqrt(chi^2 / k)</c>, by Simpson's rule: exact to about 1e-8.
/// </remarks>
public static class PairedPower
{
    /// <summary>The probability of finding the difference that <see cref="PairsFor"/> asks for.</summary>
    public const double Wanted = 0.8;

    private const int Most = 1_000_000;

    /// <summary>The probability that a two-sided test at <see cref="PairedTest.Level"/> is significant.</summary>
    /// <param name="pairs">At least 2.</param>
    /// <param name="difference">The true mean difference.</param>
    /// <param name="deviation">The standard deviation of the differences, above 0.</param>
    public static double Of(int pairs, double difference, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        const int Steps = 2000;
        var degrees = pairs - 1;
        var critical = StudentT.InvCDF(0, 1, degrees, 1 - (PairedTest.Level / 2));
        var center = Math.Abs(difference) / deviation * Math.Sqrt(pairs);
        var logScale = Math.Log(2) + (degrees / 2.0 * Math.Log(degrees / 2.0)) - SpecialFunctions.GammaLn(degrees / 2.0);
        var (low, high) = (Math.Max(0, 1 - (12 / Math.Sqrt(2.0 * degrees))), 1 + (12 / Math.Sqrt(2.0 * degrees)));
        var (step, sum) = ((high - low) / Steps, 0.0);
        for (var i = 0; i <= Steps; i++)
        {
            var u = low + (i * step);
            var log = degrees == 1 ? 0 : (degrees - 1) * Math.Log(u);
            var density = Math.Exp(logScale + log - (degrees * u * u / 2));
            var beyond = Normal.CDF(0, 1, center - (critical * u)) + Normal.CDF(0, 1, -center - (critical * u));
            sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * density * beyond;
        }

        return Math.Min(1, sum * step / 3);
    }

    /// <summary>The least number of pairs that finds a difference with the probability <see cref="Wanted"/>; null where even a million would not.</summary>
    /// <param name="difference">The true mean difference, not 0.</param>
    /// <param name="deviation">The standard deviation of the differences, above 0.</param>
    public static int? PairsFor(double difference, double deviation)
    {
        var high = 2;
        while (Of(high, difference, deviation) < Wanted)
        {
            if (high >= Most)
            {
                return null;
            }

            high *= 2;
        }

        var low = high / 2; // too few, but for the least number
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Of(middle, difference, deviation) < Wanted ? (middle, high) : (low, middle);
        }

        return high;
    }
}
