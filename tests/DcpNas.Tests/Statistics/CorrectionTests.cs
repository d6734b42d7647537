using DcpNas.Statistics;

namespace DcpNas.Tests.Statistics;

/// <summary>What comes after a test: correction, effect size, power, the digits of a share.</summary>
public sealed class CorrectionTests
{
    [Fact]
    public void Holm_OfFourValues_MultipliesByTheTestsLeftAndNeverFalls()
    {
        // In order 0.005 x 4 = 0.02, 0.01 x 3 = 0.03, 0.03 x 2 = 0.06, 0.04 x 1 = 0.04, which stays at the 0.06 before it.
        var adjusted = HolmCorrection.Adjust([0.01, 0.04, 0.03, 0.005]);
        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p!.Value, 12)));
    }

    [Fact]
    public void Holm_OfAbsentValuesAndLargeOnes_CountsThoseThatAreThereAndStaysBelowOne()
    {
        Assert.Equal([null, 0.5, 0.75, null], HolmCorrection.Adjust([null, 0.25, 0.75, null]));
        Assert.Equal([1.0, 1.0], HolmCorrection.Adjust([0.6, 0.9]));
        Assert.Empty(HolmCorrection.Adjust([]));
        Assert.Equal("p must be from 0 to 1, got 1.5. (Parameter 'p')", Assert.Throws<ArgumentException>(() => HolmCorrection.Adjust([1.5])).Message);
    }

    [Fact]
    public void Hedges_OfThreePairs_IsTheHandWorkedOne()
    {
        // Differences 1, 2, 3: m = 2, s = 1, d_z = 2. k = 2: J = Gamma(1) / (1 x Gamma(1/2)) = 1 / sqrt(pi).
        Assert.Equal(2 / Math.Sqrt(Math.PI), EffectSize.OfPairs(PairedTest.Of([11, 22, 33], [10, 20, 30]))!.Value, 1e-12);
        // The common approximation 1 - 3 / (4 k - 1) at k = 20.
        Assert.Equal(1 - (3.0 / 79), EffectSize.Correction(20), 1e-4);
    }

    [Fact]
    public void Hedges_OfTwoPairsOrWithoutSpread_IsAbsent()
    {
        Assert.Null(EffectSize.OfPairs(PairedTest.Of([1, 3], [0, 0])));
        Assert.Null(EffectSize.OfPairs(PairedTest.Of([1, 2, 3], [0, 1, 2])));
    }

    [Theory]
    [InlineData(34, 0.5, 0.8078)]
    [InlineData(15, 0.8, 0.8213)]
    [InlineData(10, 1.0, 0.8031)]
    public void Power_OfPublishedDesigns_IsThatOfTheTables(int pairs, double effect, double table) => Assert.Equal(table, PairedPower.Of(pairs, effect, 1), 1e-4);

    [Fact]
    public void Power_OfTwoPairs_IsThatOfSimulatedOnes()
    {
        const int Trials = 40_000;
        var random = new SeededRandom(5);
        var found = Enumerable.Range(0, Trials).Count(_ => PairedTest.Of([4 + Normal(random), 4 + Normal(random)], [0, 0]).IsSignificant);
        Assert.Equal((double)found / Trials, PairedPower.Of(2, 4, 1), 0.01);
    }

    [Fact]
    public void Power_WithoutADifference_IsTheLevel() => Assert.Equal(PairedTest.Level, PairedPower.Of(7, 0, 3), 1e-7);

    [Theory]
    [InlineData(1, 0.5, 5)]
    [InlineData(1, 0.8, 8)]
    [InlineData(1, 1.0, 10)]
    [InlineData(1, 2.0, 34)]
    public void PairsFor_OnePoint_IsTheLeastNumberOfTheTables(double difference, double deviation, int pairs)
    {
        Assert.Equal(pairs, PairedPower.PairsFor(difference, deviation));
        Assert.InRange(PairedPower.Of(pairs - 1, difference, deviation), 0, PairedPower.Wanted);
    }

    [Fact]
    public void PairsFor_ADifferenceOfNothing_IsAbsent() => Assert.Null(PairedPower.PairsFor(0, 1));

    [Fact]
    public void Welch_OfTwoSamples_IsTheHandWorkedOne()
    {
        // 1, 2, 3: m = 2, s^2 = 1, v = 1/3. 4, 6, 8, 10: m = 7, s^2 = 20/3, v = 5/3. t = -5 / sqrt(2); k = 4 / ((1/9)/2 + (25/9)/3) = 4 / (53/54) = 216/53.
        var test = WelchTest.Of(SampleStatistics.Of([1, 2, 3]), SampleStatistics.Of([4, 6, 8, 10]));
        Assert.Equal(-5 / Math.Sqrt(2), test.T!.Value, 1e-12);
        Assert.Equal(216.0 / 53, test.Degrees!.Value, 1e-12);
        Assert.InRange(test.HalfWidth!.Value, 2.571 * Math.Sqrt(2), 2.777 * Math.Sqrt(2)); // t(0.975, 5) = 2.5706, t(0.975, 4) = 2.7764, sqrt(v1 + v2) = sqrt(2)
        Assert.InRange(test.P!.Value, 0.02, 0.03); // t(0.975, 4) = 2.78, t(0.99, 4) = 3.75: two-sided between 0.02 and 0.05
    }

    [Fact]
    public void AgainstControl_IsTheDifferenceInDeviationsOfTheControl()
    {
        // Control 1, 2, 3: mean 2, deviation 1; J of 2 degrees of freedom is 1 / sqrt(pi). The sample may be one value.
        Assert.Equal(3 / Math.Sqrt(Math.PI), EffectSize.AgainstControl(SampleStatistics.Of([5]), SampleStatistics.Of([1, 2, 3]))!.Value, 1e-12);
        Assert.Null(EffectSize.AgainstControl(SampleStatistics.Of([5]), SampleStatistics.Of([1, 2])));
        Assert.Null(EffectSize.AgainstControl(SampleStatistics.Of([5]), SampleStatistics.Of([2, 2, 2])));
    }

    [Fact]
    public void Welch_WithOneValue_HasNoP() =>
        Assert.Equal(new WelchTest(-1, null, null, null), WelchTest.Of(SampleStatistics.Of([1]), SampleStatistics.Of([1, 3])));

    [Fact]
    public void Wilson_OfTwoInTwenty_IsThePublishedInterval()
    {
        var (low, high) = Proportion.Interval(0.1, 20);
        Assert.Equal(0.0279, low, 5e-5);
        Assert.Equal(0.3010, high, 5e-5);
        // None of n: 0 to z^2 / (n + z^2).
        Assert.Equal(0, Proportion.Interval(0, 10).Low);
        Assert.Equal(3.8414588 / (10 + 3.8414588), Proportion.Interval(0, 10).High, 1e-7);
    }

    [Fact]
    public void Percent_OfFewAndManyCases_HasTheDigitsThatTheyBear()
    {
        Assert.Equal(["10", "12", "12.3", "12.35"], new long[] { 20, 100, 500, 10_000 }.Select(count => Proportion.Percent(count == 20 ? 0.1 : 0.12346, count)));
        Assert.Equal("3 to 30 % of 20 images", Proportion.Range(0.1, 20));
    }

    private static double Normal(SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
