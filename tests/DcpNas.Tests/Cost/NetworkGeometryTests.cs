using DcpNas.Cost;

namespace DcpNas.Tests.Cost;

public class NetworkGeometryTests
{
    [Fact]
    public void Plan_OfTheLargeModel_HasTheKnownCells()
    {
        var plan = new NetworkGeometry().Plan();

        Assert.Equal([108, 108, 108, 216, 216, 216, 432, 432, 432, 432], plan.Select(cell => cell.Channels));
        Assert.Equal([28, 28, 28, 14, 14, 14, 7, 7, 7, 7], plan.Select(cell => cell.Output.Height));
        Assert.Equal([3, 6], plan.Where(cell => cell.IsReduction).Select(cell => cell.Index));
        Assert.Equal([0, 4, 7], plan.Where(cell => cell.ReducesPrevPrev).Select(cell => cell.Index));
        Assert.Equal((new FeatureMap(108, 56, 56), new FeatureMap(108, 28, 28)), (plan[0].PrevPrev, plan[0].Prev));
        Assert.Equal(new FeatureMap(1728, 7, 7), plan[^1].Output);
    }

    [Fact]
    public void Plan_OfSmallImages_StartsAtFullResolution()
    {
        var plan = new NetworkGeometry { Channels = 16, Cells = 8, InputHeight = 32, InputWidth = 48, Stem = StemKind.Cifar }.Plan();

        Assert.Equal((new FeatureMap(48, 32, 48), new FeatureMap(48, 32, 48)), (plan[0].PrevPrev, plan[0].Prev));
        Assert.Equal([2, 5], plan.Where(cell => cell.IsReduction).Select(cell => cell.Index));
        Assert.Equal([3, 6], plan.Where(cell => cell.ReducesPrevPrev).Select(cell => cell.Index));
        Assert.Equal(new FeatureMap(256, 8, 12), plan[^1].Output);
    }

    [Fact]
    public void Plan_OfTheHalfStem_StartsAtHalfTheResolution()
    {
        var geometry = new NetworkGeometry { Channels = 16, Cells = 6, InputHeight = 28, InputWidth = 31, StemMultiplier = 2, Stem = StemKind.Half };

        Assert.Equal(new FeatureMap(32, 14, 16), Assert.Single(geometry.StemConvolutions()).Output);
        var plan = geometry.Plan();
        Assert.Equal((new FeatureMap(32, 14, 16), new FeatureMap(32, 14, 16)), (plan[0].PrevPrev, plan[0].Prev));
        Assert.Equal([3, 5], plan.Where(cell => cell.ReducesPrevPrev).Select(cell => cell.Index));
        Assert.Equal(new FeatureMap(256, 4, 4), plan[^1].Output);
    }

    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(2, new[] { 0, 1 })]
    [InlineData(3, new[] { 1, 2 })]
    [InlineData(20, new[] { 6, 13 })]
    public void IsReduction_IsTrueAtOneAndTwoThirds(int cells, int[] expected) =>
        Assert.Equal(expected, Enumerable.Range(0, cells).Where(new NetworkGeometry { Cells = cells }.IsReduction));

    [Fact]
    public void After_OfAnOddSize_RoundsUp() => Assert.Equal(new FeatureMap(4, 3, 4), new FeatureMap(2, 5, 7).After(4, 2));

    [Fact]
    public void Problems_OfAFaultyGeometry_NamesAll()
    {
        var geometry = new NetworkGeometry { Channels = 0, Cells = 0, InputHeight = 0, InputWidth = -1, InputChannels = 0, Classes = 0, StemMultiplier = 0 };

        Assert.Equal(
            [
                "channels must be from 1 to 4096, got 0.",
                "cells must be from 1 to 1000, got 0.",
                "input height must be from 1 to 8192, got 0.",
                "input width must be from 1 to 8192, got -1.",
                "input channels must be from 1 to 4096, got 0.",
                "classes must be from 1 to 1000000, got 0.",
                "stem multiplier must be from 1 to 64, got 0.",
            ],
            geometry.Problems());
        Assert.StartsWith("The geometry cannot be used: channels must be from 1 to 4096, got 0. cells", Assert.Throws<ArgumentException>(geometry.Plan).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_OfOddChannels_DependOnTheStem()
    {
        Assert.Equal(["channels must be even with the imagenet stem, got 7."], new NetworkGeometry { Channels = 7 }.Problems());
        Assert.Empty(new NetworkGeometry { Channels = 7, Stem = StemKind.Cifar }.Problems());
    }
}
