using DcpNas.Comparison;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Comparison;

public sealed class RandomSelectionTests
{
    [Fact]
    public void IsEnough_WithABudget_ComesAsNearAsWholeCandidatesAllow()
    {
        Assert.False(RandomSelection.IsEnough(null, 10, [])); // at least one, whatever it costs
        Assert.False(RandomSelection.IsEnough(null, 10.1, [4, 4])); // 12 is nearer than 8
        Assert.True(RandomSelection.IsEnough(null, 10, [4, 4])); // 8 is as near as 12
        Assert.True(RandomSelection.IsEnough(null, 10, [25]));
    }

    [Fact]
    public void IsEnough_WithANumber_CountsAlone()
    {
        Assert.False(RandomSelection.IsEnough(3, null, [100, 100]));
        Assert.True(RandomSelection.IsEnough(3, null, [1, 1, 1]));
    }

    [Fact]
    public void Draw_OfAnySeedAndNumber_GivesAnotherGenotypeThanTheRowRandom()
    {
        var drawn = Enumerable.Range(-1, 4).SelectMany(seed => Enumerable.Range(0, 50).Select(index => RandomSelection.Draw(seed, index))).ToHashSet();
        Assert.Equal(200, drawn.Count);
        Assert.DoesNotContain(Discretizer.Random(0), drawn.Except(Enumerable.Range(0, 50).Select(index => RandomSelection.Draw(-1, index))));
    }
}
