using DcpNas.Comparison;
using DcpNas.Cost;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Search;

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

    [Fact]
    public void Drawn_UnderABudget_PassesOverWhatExceedsIt_InTheSameOrder()
    {
        var fits = Enumerable.Range(0, 200).Select(index => RandomSelection.Draw(3, index)).Where(genotype => AdditiveMeter.Of(genotype).FlashBytes <= 50 * 1024).ToList();
        Assert.InRange(fits.Count, 5, 195);

        Assert.Equal(fits[..5], RandomSelection.Drawn(3, Budget(50 * 1024), CancellationToken.None).Take(5));
        Assert.Equal(Enumerable.Range(0, 5).Select(index => RandomSelection.Draw(3, index)), RandomSelection.Drawn(3, budget: null, CancellationToken.None).Take(5));
        Assert.StartsWith(
            "None of 10000 random genotypes in a row keeps to the budget. So random_k finds no other candidate: raise the limits,",
            Assert.Throws<InputException>(() => RandomSelection.Drawn(3, Budget(1), CancellationToken.None).First()).Message, StringComparison.Ordinal);

        static CostBudget Budget(double flash)
        {
            var options = new SearchOptions { MaxFlash = flash };
            var network = new NetworkGeometry { Channels = 4, Cells = 3, InputHeight = 32, InputWidth = 32, Classes = 10, Stem = StemKind.Half };
            return new CostBudget(options, network, new ChipBudget(options.Chip, network, new AdditiveMeter(), "train."));
        }
    }
}
