using System.Globalization;

namespace DcpNas.Statistics;

/// <summary>A share of counted cases, as an accuracy on images: how far the true share may be off, and how many digits it bears.</summary>
public static class Proportion
{
    private const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution

    /// <summary>Wilson's 95 % interval of the true share.</summary>
    /// <remarks>
    /// <c>(p + z^2/2n ± z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n)</c>: holds also for 0 and 1, where the common formula gives an interval without width.
    /// Source: Wilson, "Probable inference", Journal of the American Statistical Association 22, 1927.
    /// </remarks>
    /// <param name="share">The share that was seen, from 0 to 1.</param>
    /// <param name="count">Of how many cases, at least 1.</param>
    public static (double Low, double High) Interval(double share, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var (n, square) = ((double)count, Z * Z);
        var center = share + (square / (2 * n));
        var half = Z * Math.Sqrt((share * (1 - share) / n) + (square / (4 * n * n)));
        return (Math.Max(0, (center - half) / (1 + (square / n))), Math.Min(1, (center + half) / (1 + (square / n))));
    }

    /// <summary>Decimals of a percentage that a number of cases bears: one case more or less changes the last of them. 100 cases: 0, 1,000: 1, 10,000: 2.</summary>
    /// <param name="count">Cases.</param>
    public static int Decimals(long count) => count <= 100 ? 0 : count <= 1000 ? 1 : 2;

    /// <summary>A share in percent, with the digits that it bears and without a sign of percent.</summary>
    /// <param name="share">The share.</param>
    /// <param name="count">Of how many cases.</param>
    public static string Percent(double share, long count) => (share * 100).ToString($"F{Decimals(count)}", CultureInfo.InvariantCulture);

    /// <summary>The interval of a share, as <c>3 to 30 % of 20 images</c>.</summary>
    /// <param name="share">The share.</param>
    /// <param name="count">Of how many cases.</param>
    /// <param name="cases">What is counted.</param>
    public static string Range(double share, long count, string cases = "images")
    {
        var (low, high) = Interval(share, count);
        return $"{Percent(low, count)} to {Percent(high, count)} % of {count} {cases}";
    }
}
