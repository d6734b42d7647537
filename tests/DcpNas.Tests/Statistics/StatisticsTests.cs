using CsCheck;
using DcpNas.Statistics;

namespace DcpNas.Tests.Statistics;

public sealed class StatisticsTests
{
    [Fact]
    public void Of_FiveNumbers_GivesTheHandWorkedInterval()
    {
        // Mean 4; squares of deviations 4 + 1 + 0 + 1 + 4 = 10, so s^2 = 10/4; t(0.975, 4) = 2.776445 (table); sqrt(2.5 / 5) = sqrt(1/2).
        var statistics = SampleStatistics.Of([2, 3, 4, 5, 6]);

        Assert.Equal((5, 4.0), (statistics.Count, statistics.Mean));
        Assert.Equal(Math.Sqrt(2.5), statistics.StandardDeviation!.Value, 1e-15);
        Assert.Equal(2.776445 * Math.Sqrt(0.5), statistics.HalfWidth!.Value, 1e-6);
        Assert.Equal(4 - (2.776445 * Math.Sqrt(0.5)), statistics.Low!.Value, 1e-6);
        Assert.Equal(4 + (2.776445 * Math.Sqrt(0.5)), statistics.High!.Value, 1e-6);
    }

    [Theory]
    [InlineData(1, 12.706205)]
    [InlineData(2, 4.302653)]
    [InlineData(9, 2.262157)]
    [InlineData(30, 2.042272)]
    public void Quantile_OfSmallSamples_IsThatOfTheTables(int degrees, double table) => Assert.Equal(table, SampleStatistics.Quantile(degrees), 1e-6);

    [Fact]
    public void Of_OneNumber_HasNoInterval()
    {
        var statistics = SampleStatistics.Of([0.7]);
        Assert.Equal((0.7, null, null, null), (statistics.Mean, statistics.StandardDeviation, statistics.HalfWidth, statistics.Low));
    }

    [Fact]
    public void Of_NumbersFarFromZero_KeepsTheDeviation() =>
        Assert.Equal(1, SampleStatistics.Of([1e9, 1e9 + 1, 1e9 + 2]).StandardDeviation!.Value, 1e-12);

    [Fact]
    public void Of_NothingOrNotANumber_SaysWhatIsWrong()
    {
        Assert.Equal("values must be at least one finite number, got []. (Parameter 'values')", Assert.Throws<ArgumentException>(() => SampleStatistics.Of([])).Message);
        Assert.Equal("values must be at least one finite number, got [1, NaN]. (Parameter 'values')", Assert.Throws<ArgumentException>(() => SampleStatistics.Of([1, double.NaN])).Message);
    }

    [Fact]
    public void PairedTest_OnThreeSeeds_GivesTheHandWorkedP()
    {
        // Differences 1, 2, 3: m = 2, s = 1, t = 2 sqrt(3). With two degrees of freedom P(|T| >= t) = 1 - t / sqrt(2 + t^2) = 1 - sqrt(12 / 14).
        var test = PairedTest.Of([11, 22, 33], [10, 20, 30]);

        Assert.Equal(2 * Math.Sqrt(3), test.T!.Value, 1e-12);
        Assert.Equal(1 - Math.Sqrt(12.0 / 14), test.P!.Value, 1e-10);
        Assert.False(test.IsSignificant);
        Assert.Equal((3, 2.0), (test.Differences.Count, test.Differences.Mean));
    }

    [Fact]
    public void PairedTest_OfTwoPairs_IsTheArcTangent()
    {
        // One degree of freedom is the Cauchy distribution: p = 1 - 2/pi atan(t). Differences 1, 3: m = 2, s = sqrt(2), t = 2.
        var test = PairedTest.Of([1, 3], [0, 0]);
        Assert.Equal(1 - (2 / Math.PI * Math.Atan(2)), test.P!.Value, 1e-10);
    }

    [Fact]
    public void PairedTest_OfEqualDifferences_SaysNothing()
    {
        // 0.38 - 0.37 and 0.28 - 0.27 differ in the last bit.
        foreach (var test in (PairedTest[])[PairedTest.Of([1, 2], [1, 2]), PairedTest.Of([1, 2], [2, 3]), PairedTest.Of([0.38, 0.28, 0.41], [0.37, 0.27, 0.40])])
        {
            Assert.Equal((null, null, false), (test.T, test.P, test.IsSignificant));
        }

        Assert.NotNull(PairedTest.Of([0.3801, 0.28], [0.37, 0.27]).P);
    }

    [Fact]
    public void PairedTest_OfOnePairOrUnequalLengths_SaysSo()
    {
        Assert.Null(PairedTest.Of([1], [2]).P);
        Assert.False(PairedTest.Of([1], [2]).IsSignificant);
        Assert.Equal(
            "second must hold as many values as first (2), got 1. (Parameter 'second')", Assert.Throws<ArgumentException>(() => PairedTest.Of([1, 2], [1])).Message);
    }

    [Fact]
    public void PairedTest_OfRandomPairs_HasTheAreaUnderTheDensity()
    {
        Gen.Select(Gen.Int[3, 12], Gen.Int).Sample(
            (count, seed) =>
            {
                var random = new Random(seed);
                double[] differences = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.4)];
                var test = PairedTest.Of(differences, new double[count]);
                Assert.Equal(1 - AreaWithin(Math.Abs(test.T!.Value), count - 1), test.P!.Value, 1e-7);
            },
            iter: 100);
    }

    [Fact]
    public void PairedTest_AgainstEverySignFlip_Agrees()
    {
        // The permutation test asks nothing of the distribution: p is the share of all 2^14 sign patterns with a mean at least as far from 0.
        const int Count = 14;
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new SeededRandom(seed);
            double[] differences = [.. Enumerable.Range(0, Count).Select(_ => Normal(random) + (0.25 * seed))];
            var observed = Math.Abs(differences.Sum());
            var extreme = Enumerable.Range(0, 1 << Count).Count(pattern => Math.Abs(differences.Select((d, i) => (pattern >> i & 1) == 0 ? d : -d).Sum()) >= observed - 1e-12);
            Assert.Equal((double)extreme / (1 << Count), PairedTest.Of(differences, new double[Count]).P!.Value, 0.03);
        }
    }

    [Fact]
    public void Interval_OfNormalSamples_HoldsTheTrueMeanInNineteenOfTwenty()
    {
        const int Trials = 4000;
        var random = new SeededRandom(1);
        var covered = Enumerable.Range(0, Trials)
            .Select(_ => SampleStatistics.Of([.. Enumerable.Range(0, 4).Select(_ => 3 + (2 * Normal(random)))]))
            .Count(sample => sample.Low <= 3 && sample.High >= 3);
        Assert.Equal(0.95, (double)covered / Trials, 0.0138); // four standard errors of the simulation
    }

    [Fact]
    public void Interval_OfManyMeasurements_AgreesWithTheBootstrap()
    {
        const int Count = 60;
        const int Resamples = 4000;
        var random = new SeededRandom(3);
        double[] values = [.. Enumerable.Range(0, Count).Select(_ => 0.6 + (0.05 * Normal(random)))];
        double[] means = [.. Enumerable.Range(0, Resamples).Select(_ => Enumerable.Range(0, Count).Average(_ => values[random.Next(Count)])).Order()];
        var statistics = SampleStatistics.Of(values);

        Assert.Equal(means[(int)(0.025 * Resamples)], statistics.Low!.Value, 0.1 * statistics.HalfWidth!.Value);
        Assert.Equal(means[(int)(0.975 * Resamples)], statistics.High!.Value, 0.1 * statistics.HalfWidth.Value);
    }

    /// <summary>The integral of Student's density from -t to t by Simpson's rule, with the constant from its own integral: no gamma function.</summary>
    private static double AreaWithin(double t, int degrees)
    {
        // With x = sqrt(n) tan(u) the density becomes cos(u)^(n-1) up to its constant.
        double Integral(double to)
        {
            const int Steps = 4000;
            var step = to / Steps;
            var sum = 0.0;
            for (var i = 0; i <= Steps; i++)
            {
                sum += (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Pow(Math.Cos(i * step), degrees - 1);
            }

            return sum * step / 3;
        }

        return Integral(Math.Atan(t / Math.Sqrt(degrees))) / Integral(Math.PI / 2);
    }

    private static double Normal(SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
