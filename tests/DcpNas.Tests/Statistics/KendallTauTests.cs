using DcpNas.Statistics;

namespace DcpNas.Tests.Statistics;

/// <summary>Rank correlation against numbers worked by hand and against counts of every permutation.</summary>
public class KendallTauTests
{
    [Fact]
    public void Of_FivePairsWithoutTies_IsTheHandWorkedNumber()
    {
        // Concordant: 34, 35, 45, 12, 15, 25; discordant: 31, 32, 41, 42. Of the 120 permutations 1 + 4 + 9 + 15 + 20 have at most 4 inversions.
        var tau = KendallTau.Of([1, 2, 3, 4, 5], [3, 4, 1, 2, 5]);

        Assert.Equal((5, 6, 4), (tau.Count, tau.Concordant, tau.Discordant));
        Assert.Equal(0.2, tau.Tau!.Value, 1e-15);
        Assert.Equal(2 * 49 / 120.0, tau.P!.Value, 1e-15);
    }

    [Fact]
    public void Of_Ties_IsTheHandWorkedNumber()
    {
        // 12 2 1 12 2 against 1 4 7 1 0: of ten pairs two are tied in x, one in y, of these one in both; C 2, D 6: tau = -4 / sqrt(8 9).
        // Variance: (5 4 15 - 2 2 1 9 - 2 1 9) / 18 + (4 2) / 40 = 13.866667.
        var tau = KendallTau.Of([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]);

        Assert.Equal((2, 6), (tau.Concordant, tau.Discordant));
        Assert.Equal(-4 / Math.Sqrt(72), tau.Tau!.Value, 1e-15);
        Assert.Equal(0.2827454599327748, tau.P!.Value, 1e-9);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(-1, -1)]
    public void Of_TheSameOrTheOppositeOrder_IsOneOrMinusOne(int sign, double expected)
    {
        var x = Enumerable.Range(0, 30).Select(i => (double)i).ToArray();

        var tau = KendallTau.Of(x, [.. x.Select(value => sign * Math.Exp(value / 7))]);

        Assert.Equal(expected, tau.Tau);
        Assert.Equal(2 / Enumerable.Range(1, 30).Aggregate(1.0, (product, i) => product * i), tau.P!.Value, 1e-40);
    }

    [Fact]
    public void Of_OneValueOnly_HasNoOrder()
    {
        var tau = KendallTau.Of([1, 2, 3], [7, 7, 7]);

        Assert.Null(tau.Tau);
        Assert.Null(tau.P);
    }

    [Fact]
    public void P_WithoutTies_IsTheShareOfPermutationsAtLeastAsFar()
    {
        var x = new double[] { 1, 2, 3, 4, 5, 6 };
        var permutations = Permutations([.. x]).ToList();
        foreach (var y in permutations.Where((_, index) => index % 37 == 0))
        {
            var tau = KendallTau.Of(x, y);
            var difference = Math.Abs(Difference(x, y));
            var expected = permutations.Count(other => Math.Abs(Difference(x, other)) >= difference) / 720.0;
            Assert.Equal(Math.Min(1, expected), tau.P!.Value, 1e-12);
        }
    }

    [Fact]
    public void P_OfManyPairs_IsNearTheNormalOne()
    {
        var random = new Random(5);
        var x = Enumerable.Range(0, 200).Select(_ => random.NextDouble()).ToArray();
        var y = x.Select(value => (0.15 * value) + random.NextDouble()).ToArray();

        var exact = KendallTau.Of(x, y);
        var normal = 2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -Math.Abs(exact.Concordant - exact.Discordant) / Math.Sqrt(200.0 * 199 * 405 / 18));
        var more = KendallTau.Of([.. x, 2], [.. y, 2]); // one more than is exact

        Assert.Equal(normal, exact.P!.Value, 2e-3);
        Assert.Equal(2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -Math.Abs(more.Concordant - more.Discordant) / Math.Sqrt(201.0 * 200 * 407 / 18)), more.P!.Value, 1e-12);
    }

    [Fact]
    public void Of_RandomNumbersWithTies_EqualsTheCountOfAllPairs()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var n = random.Next(2, 25);
            var x = Enumerable.Range(0, n).Select(_ => (double)random.Next(6)).ToArray();
            var y = Enumerable.Range(0, n).Select(_ => (double)random.Next(6)).ToArray();
            var (difference, untiedX, untiedY) = (0, 0, 0);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++) // every pair twice
                {
                    difference += Math.Sign(x[i] - x[j]) * Math.Sign(y[i] - y[j]);
                    untiedX += x[i] != x[j] ? 1 : 0;
                    untiedY += y[i] != y[j] ? 1 : 0;
                }
            }

            var tau = KendallTau.Of(x, y);

            if (untiedX == 0 || untiedY == 0)
            {
                Assert.Null(tau.Tau);
                continue;
            }

            Assert.Equal(difference / Math.Sqrt((double)untiedX * untiedY), tau.Tau!.Value, 1e-12);
            Assert.InRange(tau.P!.Value, 0, 1);
        }
    }

    [Fact]
    public void Of_UnequalLengths_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => KendallTau.Of([1, 2], [1, 2, 3]));

        Assert.StartsWith("x and y must be of one length of at least 2, got 2 and 3.", error.Message, StringComparison.Ordinal);
    }

    private static int Difference(double[] x, double[] y) =>
        Enumerable.Range(0, x.Length).Sum(i => Enumerable.Range(0, i).Sum(j => Math.Sign(x[i] - x[j]) * Math.Sign(y[i] - y[j])));

    private static IEnumerable<double[]> Permutations(List<double> values) => values.Count == 0
        ? [[]]
        : values.SelectMany((value, index) => Permutations([.. values[..index], .. values[(index + 1)..]]).Select(rest => (double[])[value, .. rest]));
}
