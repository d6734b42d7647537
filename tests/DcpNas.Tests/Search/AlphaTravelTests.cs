using DcpNas.Search;

namespace DcpNas.Tests.Search;

/// <summary>T: how far alpha can travel, and what that lets a search decide.</summary>
public class AlphaTravelTests
{
    [Theory]
    [InlineData(0, 0.125)]
    [InlineData(0.22, 0.18)]
    [InlineData(1.2, 0.61)]
    [InlineData(2.1, 0.91)]
    public void CeilingOfBest_OfKnownTravels_IsTheHandWorkedProbability(double travel, double ceiling) =>
        Assert.Equal(ceiling, SearchSchedule.CeilingOfBest(travel), 0.005);

    [Theory]
    [InlineData(18)]
    [InlineData(234)]
    public void ArchitectureRate_OfATravel_FollowsFromTheStepsOfAlpha(int stepsPerEpoch)
    {
        var options = new SearchOptions { Epochs = 8, Rounds = 1, WarmupShare = 0.5, AlphaTravel = 2.5 };

        Assert.Equal(4 * stepsPerEpoch, SearchSchedule.ArchitectureSteps(options, stepsPerEpoch));
        Assert.Equal(2.5, SearchSchedule.ArchitectureRate(options, stepsPerEpoch) * 4 * stepsPerEpoch, 1e-12);
        var every4 = options with { AlphaInterval = 4 }; // the last step of alpha of an epoch need not have four steps of the weights
        Assert.Equal(4 * Math.Ceiling(stepsPerEpoch / 4.0), SearchSchedule.ArchitectureSteps(every4, stepsPerEpoch));
        Assert.Equal(2.5, AlphaReach.Of(every4, stepsPerEpoch).Travel, 1e-12);
        Assert.Equal(0.01, SearchSchedule.ArchitectureRate(options with { ArchitectureRate = 0.01 }, stepsPerEpoch));
    }

    [Fact]
    public void Reach_OfRatesOfTwentyThousandStepsInFew_WarnsAndNamesTheRemedy()
    {
        var options = new SearchOptions { Epochs = 4, Rounds = 1, WarmupShare = 0.5, ArchitectureRate = 3e-3 };

        var reach = AlphaReach.Of(options, stepsPerEpoch: 36);

        Assert.Equal(0.216, reach.Travel, 1e-12);
        Assert.Equal(
            "Alpha can travel 0.22 in all, so that the best operation of an edge reaches a probability of at most 18 % (uniform: 12.5 %): the search will hardly decide. "
            + "Raise alpha_travel to 2 or more, or leave architecture_rate out.", reach.Warning);
        Assert.Null(AlphaReach.Of(options with { ArchitectureRate = null }, 36).Warning);
        Assert.Null(AlphaReach.Of(options with { Strategy = SearchStrategy.Random }, 36).Note);
    }

    [Fact]
    public void ArchitectureRate_OfARandomGenotype_IsFinite() =>
        Assert.Equal(2.5, SearchSchedule.ArchitectureRate(new SearchOptions { Strategy = SearchStrategy.Random, AlphaTravel = 2.5 }, 10));
}
