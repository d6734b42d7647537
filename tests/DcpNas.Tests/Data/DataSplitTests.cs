using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class DataSplitTests
{
    [Theory]
    [InlineData(100, 10, null)]
    [InlineData(105, 10, null)]
    [InlineData(1000, 10, 137)]
    [InlineData(999, 7, 500)]
    [InlineData(64, 3, 6)]
    public void Halves_AnySize_AreBalancedAndDisjoint(int count, int classes, int? limit)
    {
        var data = new PatternDataset(count, classes: classes);
        var split = DataSplit.Halves(data, seed: 3, limit);
        Assert.Equal(limit ?? count, split.Weights.Count + split.Architecture.Count);
        Assert.InRange(split.Weights.Count - split.Architecture.Count, -1, 1);
        Assert.Empty(split.Weights.Intersect(split.Architecture));
        Assert.Equal(split.Weights.Order(), split.Weights);
        Assert.Equal(split.Weights.Count, split.Weights.Distinct().Count());
        for (var label = 0; label < classes; label++)
        {
            var inWeights = split.Weights.Count(index => data.Label(index) == label);
            var inArchitecture = split.Architecture.Count(index => data.Label(index) == label);
            Assert.InRange(inWeights - inArchitecture, -1, 1);
            var share = (double)Enumerable.Range(0, count).Count(index => data.Label(index) == label) * (limit ?? count) / count;
            Assert.InRange(inWeights + inArchitecture, Math.Floor(share), Math.Ceiling(share));
        }
    }

    [Fact]
    public void Halves_FixedSeed_NeverChanges()
    {
        var split = DataSplit.Halves(new PatternDataset(20, classes: 2), seed: 11);
        Assert.Equal([0, 3, 6, 9, 10, 11, 14, 16, 17, 19], split.Weights);
        Assert.Equal([1, 2, 4, 5, 7, 8, 12, 13, 15, 18], split.Architecture);
    }

    [Fact]
    public void Halves_SmallerLimit_TakesAPartOfTheLargerOne()
    {
        var data = new PatternDataset(500);
        var small = DataSplit.Halves(data, 5, 100);
        var large = DataSplit.Halves(data, 5, 300);
        Assert.Empty(small.Weights.Except(large.Weights));
        Assert.Empty(small.Architecture.Except(large.Architecture));
        Assert.Equal(DataSplit.Subset(data, 5, 100), small.Weights.Concat(small.Architecture).Order());
    }

    [Fact]
    public void Halves_AnotherSeed_SplitsOtherwise()
    {
        var data = new PatternDataset(500);
        Assert.NotEqual(DataSplit.Halves(data, 1).Weights, DataSplit.Halves(data, 2).Weights);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public void Halves_LimitOutOfRange_SaysTheRange(int limit)
    {
        var error = Assert.Throws<InputException>(() => DataSplit.Halves(new PatternDataset(500), 1, limit));
        Assert.Equal($"pattern: the number of images must be from 1 to 500, got {limit}.", error.Message);
    }

    [Fact]
    public void Halves_ClassWithOneImage_NamesTheClass()
    {
        var error = Assert.Throws<InputException>(() => DataSplit.Halves(new PatternDataset(500), 1, 19));
        Assert.Equal("pattern: train_images 19 leaves class 'c9' 1 training image; a search needs at least 2 of each class, one per half. Raise train_images.", error.Message);
        error = Assert.Throws<InputException>(() => DataSplit.Halves(new PatternDataset(9), 1));
        Assert.StartsWith("pattern: class 'c", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("a search needs at least 2, one per half. Add images or take the class out.", error.Message, StringComparison.Ordinal);
    }
}
