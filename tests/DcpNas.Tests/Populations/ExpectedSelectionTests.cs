using DcpNas.Populations;

namespace DcpNas.Tests.Populations;

public sealed class ExpectedSelectionTests
{
    [Fact]
    public void Of_FourNetworksTwoDrawn_IsTheMeanOverTheSixPairs()
    {
        // The better of a pair by validation: place i of 4 is kept in C(i - 1, 1) of C(4, 2) = 6 pairs, so 0, 1, 2, 3 times.
        // Test accuracies in that order 0.5, 0.9, 0.6, 0.8: mean (0.9 + 1.2 + 2.4) / 6 = 0.75, mean square (0.81 + 0.72 + 1.92) / 6 = 0.575.
        var expected = ExpectedSelection.Of(Table((0.4, 1, 0.8), (0.1, 1, 0.5), (0.3, 1, 0.6), (0.2, 1, 0.9)), 2, 1)!;

        Assert.Equal((2, 1), (expected.Candidates, expected.Epochs));
        Assert.Equal(0.75, expected.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(0.575 - (0.75 * 0.75)), expected.StandardDeviation, 1e-12);
    }

    [Fact]
    public void Of_ALowerLossOfALowerAccuracy_IsTheOneThatIsKept() =>
        Assert.Equal(0.5, ExpectedSelection.Of(Table((0.4, 0.9, 0.8), (0.1, 0.3, 0.5)), 2, 1)!.Mean, 1e-12);

    [Fact]
    public void Of_EqualValidationAccuracies_AreDecidedByTheLossAndSharedWhereThatTiesToo()
    {
        // The lower loss is better, so the order is 0.5, 0.9, 0.6, 0.8 again.
        Assert.Equal(0.75, ExpectedSelection.Of(Table((0.3, 0.1, 0.8), (0.3, 0.9, 0.5), (0.3, 0.2, 0.6), (0.3, 0.3, 0.9)), 2, 1)!.Mean, 1e-12);

        // The two best are equal in both: they share their 2 + 3 pairs, (1 x 0.9 + 2.5 x 0.6 + 2.5 x 0.8) / 6.
        Assert.Equal(4.4 / 6, ExpectedSelection.Of(Table((0.4, 1, 0.8), (0.1, 1, 0.5), (0.4, 1, 0.6), (0.2, 1, 0.9)), 2, 1)!.Mean, 1e-12);
    }

    [Fact]
    public void Of_OneOrAllDrawn_IsTheSampleOrItsBest()
    {
        var table = Table((0.4, 1, 0.8), (0.1, 1, 0.5), (0.3, 1, 0.6), (0.2, 1, 0.9));

        var one = ExpectedSelection.Of(table, 1, 1)!;
        var all = ExpectedSelection.Of(table, 4, 1)!;

        Assert.Equal(0.7, one.Mean, 1e-12);
        Assert.Equal(Math.Sqrt((0.01 + 0.04 + 0.01 + 0.04) / 4), one.StandardDeviation, 1e-12);
        Assert.Equal((0.8, 0.0), (all.Mean, all.StandardDeviation));
    }

    [Fact]
    public void Of_ALaterEpoch_DecidesByItsAccuracy()
    {
        // PopulationFixture: the second epoch has the test accuracy itself.
        Assert.Equal(0.9, ExpectedSelection.Of(Table((0.4, 1, 0.8), (0.1, 1, 0.9)), 2, 2)!.Mean, 1e-12);
        Assert.Equal(0.8, ExpectedSelection.Of(Table((0.4, 1, 0.8), (0.1, 1, 0.9)), 2, 1)!.Mean, 1e-12);
    }

    [Fact]
    public void Of_MoreCandidatesOrEpochsThanTheTableHas_IsNotKnown()
    {
        Assert.Null(ExpectedSelection.Of(Table((0.4, 1, 0.8), (0.1, 1, 0.9)), 3, 1));
        Assert.Null(ExpectedSelection.Of(Table((0.4, 1, 0.8), (0.1, 1, 0.9)), 2, 3));
    }

    private static PopulationTable Table(params (double ValidTop1, double ValidLoss, double TestTop1)[] networks) => new(
        PopulationFixture.Header(),
        [.. networks.Select((network, index) => PopulationFixture.Network(index + 1, network.TestTop1) with { ValidTop1 = [network.ValidTop1, network.TestTop1], ValidLoss = [network.ValidLoss, 0.5] })],
        "table.jsonl");
}
