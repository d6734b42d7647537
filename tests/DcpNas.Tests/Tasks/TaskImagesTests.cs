using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Tests.Tasks;

/// <summary>Splits depend on data, seed, share and numbers alone. Runs of today are evaluated years later: what is pinned here may never change.</summary>
public sealed class TaskImagesTests
{
    [Fact]
    public void Split_OfClasses_NeverChanges()
    {
        var images = new TrainOptions { TrainImages = 40, TestImages = 10, Seed = 7, ValidationShare = 0.25 }.OpenSplits();
        Assert.Equal("2 5 9 11 16 23 24 27 30 38", Text(images.Split(SplitNames.Valid)));
        Assert.Equal("179 215 366 388 494 502 623 750 777 931", Text(images.Split(SplitNames.Test)));
        Assert.Subset(images.Split(SplitNames.Valid).Indices.ToHashSet(), images.Split(SplitNames.Valid, 5).Indices.ToHashSet());
        var more = images.Split(SplitNames.Test, 20).Indices; // than the run used, of every class alike
        Assert.Equal(Enumerable.Repeat(2, 10), more.GroupBy(images.Dataset.Test.Label).Select(one => one.Count()));
        IsAPartition(images, 40);
        var error = Assert.Throws<InputException>(() => images.Split(SplitNames.Valid, 11));
        Assert.Equal("synthetic shapes: the number of images must be from 1 to 10, got 11.", error.Message);
    }

    [Fact]
    public void Split_OfScenes_NeverChanges()
    {
        var images = new DetectOptions { TrainImages = 20, TestImages = 6, Seed = 7, ValidationShare = 0.25 }.OpenSplits();
        Assert.Equal("6 7 8 13 15", Text(images.Split(SplitNames.Valid)));
        Assert.Equal(Enumerable.Range(0, 6), images.Split(SplitNames.Test).Indices);
        Assert.Equal([0, 1], images.Split(SplitNames.Test, 2).Indices);
        IsAPartition(images, 20);
        var error = Assert.Throws<InputException>(() => images.Split(SplitNames.Valid, 0));
        Assert.Equal("synthetic scenes: the number of images must be from 1 to 5, got 0.", error.Message);
    }

    [Fact]
    public void Split_OfPersons_NeverChanges()
    {
        var images = new ReIdentificationTrainOptions { Identities = 8, Seed = 7, ValidationShare = 0.25 }.OpenSplits();
        Assert.Equal([3, 8], images.Split(SplitNames.Valid).Indices.Select(images.Dataset.Train.Identity).Distinct());
        Assert.Equal(Enumerable.Range(0, images.Dataset.Query.Count), images.Split(SplitNames.Test).Indices);
        IsAPartition(images, 96);
    }

    [Fact]
    public void Split_OfAnotherName_NamesThoseThatThereAre()
    {
        var error = Assert.Throws<ArgumentException>(() => new TrainOptions { TrainImages = 40 }.OpenSplits().Split("val"));
        Assert.StartsWith("Unknown split 'val'. Known splits: train, valid, test.", error.Message, StringComparison.Ordinal);
    }

    private static string Text<TImages>(ImageSplit<TImages> split) => string.Join(' ', split.Indices);

    private static void IsAPartition<TImages>(ITaskImages<TImages> images, int count)
    {
        int[] all = [.. images.Split(SplitNames.Train).Indices, .. images.Split(SplitNames.Valid).Indices];
        Assert.Equal(count, all.Distinct().Count());
        Assert.Equal(count, all.Length);
    }
}
