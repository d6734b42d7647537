using MathNet.Numerics.Distributions;

namespace DcpNas.Statistics;

/// <summary>Kendall's rank correlation of paired measurements, tau-b: whether what ranks high in one ranks high in the other.</summary>
/// <remarks>
/// <c>tau_b = (C - D) / sqrt((n0 - n1)(n0 - n2))</c> with C concordant and D discordant pairs, <c>n0 = n (n - 1) / 2</c> pairs in all, n1 of them tied in x and n2
/// tied in y. 1: the same order, -1: the opposite one, 0: none.
/// p is two-sided, for the hypothesis that the order of y says nothing about that of x: exact from the numbers of permutations by inversions where nothing is
/// tied and there are at most <see cref="MostExact"/> pairs of measurements, else normal with the variance for ties. Source: M. G. Kendall, Rank Correlation
/// Methods, 1970, chapters 3 to 5.
/// </remarks>
/// <param name="Count">Pairs of measurements, n.</param>
/// <param name="Concordant">C.</param>
/// <param name="Discordant">D.</param>
/// <param name="Tau">tau-b; null where one side has a single value only, so that there is no order.</param>
/// <param name="P">The p value; null as tau is.</param>
public sealed record KendallTau(int Count, long Concordant, long Discordant, double? Tau, double? P)
{
    /// <summary>The largest n whose p is exact.</summary>
    public const int MostExact = 200;

    /// <summary>The correlation of pairs.</summary>
    /// <param name="x">At least two numbers, none of them NaN.</param>
    /// <param name="y">As many.</param>
    /// <exception cref="ArgumentException">The numbers differ in count, are fewer than two, or hold NaN.</exception>
    public static KendallTau Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count || x.Count < 2)
        {
            throw new ArgumentException($"x and y must be of one length of at least 2, got {x.Count} and {y.Count}.", nameof(y));
        }

        if (x.Concat(y).Any(double.IsNaN))
        {
            throw new ArgumentException("x and y must not hold NaN.", nameof(x));
        }

        long concordant = 0, discordant = 0;
        for (var i = 1; i < x.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var order = x[i].CompareTo(x[j]) * y[i].CompareTo(y[j]);
                concordant += order > 0 ? 1 : 0;
                discordant += order < 0 ? 1 : 0;
            }
        }

        var n = (double)x.Count;
        var (tiesX, tiesY) = (Ties(x), Ties(y));
        var pairs = n * (n - 1) / 2;
        var (untiedX, untiedY) = (pairs - tiesX.Sum(t => t * (t - 1) / 2), pairs - tiesY.Sum(t => t * (t - 1) / 2));
        if (untiedX == 0 || untiedY == 0)
        {
            return new KendallTau(x.Count, concordant, discordant, null, null);
        }

        var difference = (double)(concordant - discordant);
        var p = tiesX.Count == 0 && tiesY.Count == 0 && x.Count <= MostExact
            ? ExactP(x.Count, Math.Min(concordant, discordant))
            : 2 * Normal.CDF(0, 1, -Math.Abs(difference) / Math.Sqrt(Variance(n, tiesX, tiesY)));
        return new KendallTau(x.Count, concordant, discordant, difference / Math.Sqrt(untiedX * untiedY), Math.Min(1, p));
    }

    /// <summary>Sizes of the groups of equal values, those of one left out.</summary>
    private static List<double> Ties(IReadOnlyList<double> values) => [.. values.GroupBy(value => value).Select(group => (double)group.Count()).Where(size => size > 1)];

    /// <summary>Twice the share of the n! permutations that have at most so many inversions.</summary>
    private static double ExactP(int n, long inversions)
    {
        // shares[k]: of the permutations of the first m, those with k inversions. The next element adds 0 to m inversions, each as likely.
        var shares = new double[inversions + 1];
        shares[0] = 1;
        for (var m = 1; m < n; m++)
        {
            var (next, window) = (new double[shares.Length], 0.0);
            for (var k = 0; k < shares.Length; k++)
            {
                window += shares[k] - (k > m ? shares[k - m - 1] : 0);
                next[k] = window / (m + 1);
            }

            shares = next;
        }

        return 2 * shares.Sum();
    }

    /// <summary>Variance of C - D where the order of y is random.</summary>
    private static double Variance(double n, List<double> x, List<double> y)
    {
        static double Sum(List<double> ties, Func<double, double> term) => ties.Sum(term);
        var all = (n * (n - 1) * ((2 * n) + 5)) - Sum(x, t => t * (t - 1) * ((2 * t) + 5)) - Sum(y, t => t * (t - 1) * ((2 * t) + 5));
        var pairs = Sum(x, t => t * (t - 1)) * Sum(y, t => t * (t - 1)) / (2 * n * (n - 1));
        var triples = n < 3 ? 0 : Sum(x, t => t * (t - 1) * (t - 2)) * Sum(y, t => t * (t - 1) * (t - 2)) / (9 * n * (n - 1) * (n - 2));
        return (all / 18) + pairs + triples;
    }
}
