using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tests.Data;
using DcpNas.Tests.Runs;
using DcpNas.Tests.Search;
using DcpNas.Tests.Training;
using DcpNas.Training;

namespace DcpNas.Tests.Distributed;

/// <summary>Whole runs whose batches are cut into shards: one process is the reference for any number of ranks.</summary>
public class ShardedRunTests
{
    public ShardedRunTests() => LibTorch.Load();

    [Fact]
    public void Search_OnFourRanks_GivesTheBitsOfOneProcess()
    {
        using var folder = new TemporaryFolder();
        var options = SearchFixture.Tiny with { Shards = 4, Epochs = 2, WarmupShare = 0, TrainImages = 16, Curvature = "fisher-chunks:2" }; // draws random numbers in each shard
        var (log, digest) = Search(Path.Combine(folder.Path, "one"));

        var found = ThreadRanks.Run(4, collective => Search(Path.Combine(folder.Path, $"{collective.Rank}")));

        Assert.NotEqual(digest, Search(Path.Combine(folder.Path, "uncut"), options with { Shards = 1 }).Digest);
        Assert.All(found, rank => Assert.Equal(log, rank.Log));
        Assert.All(found, rank => Assert.Equal(digest, rank.Digest));

        (List<string> Log, string Digest) Search(string path, DcpNas.Search.SearchOptions? other = null)
        {
            Directory.CreateDirectory(path);
            using var search = new SearchFixture(path, other ?? options);
            search.Run();
            return (search.Log, search.Digest());
        }
    }

    [Fact]
    public void Training_StoppedOnFourRanksAndResumedOnTwo_LeavesTheFilesOfOneProcess()
    {
        using var folder = new TemporaryFolder();
        var options = TrainFixture.Tiny with { Shards = 4, Step1Epochs = 1, Accumulate = 2 };
        var (one, many) = (Path.Combine(folder.Path, "one"), Path.Combine(folder.Path, "many"));
        new TrainFixture().Run(one, options);
        using var cancel = new CancellationTokenSource();

        var stopped = ThreadRanks.Try(4, collective => Train(collective, new TrainFixture { AtStep = step => StopAt(step, 2) }, cancel.Token));
        var resumed = ThreadRanks.Try(2, collective => Train(collective, new TrainFixture(), CancellationToken.None));

        Assert.All(stopped, rank => Assert.IsAssignableFrom<OperationCanceledException>(rank.Error));
        Assert.All(resumed, rank => Assert.Null(rank.Error));
        Assert.Equal(TrainFixture.Digest(one, RunFiles.BestModel), TrainFixture.Digest(many, RunFiles.BestModel));
        Assert.Equal(TrainFixture.Digest(one, RunFiles.Checkpoint), TrainFixture.Digest(many, RunFiles.Checkpoint));
        Assert.Equal(TrainFixture.Metrics(one), TrainFixture.Metrics(many));

        int Train(ICollective collective, TrainFixture fixture, CancellationToken token)
        {
            if (collective.Rank == 0)
            {
                fixture.RunUntil(many, options, null, token);
                return 0;
            }

            using var setup = options.Prepare(SmallImages.Pair());
            TrainRun.Follow(setup, CancellationToken.None);
            return 0;
        }

        void StopAt(TrainStep step, long at)
        {
            if (step.GlobalStep == at)
            {
                cancel.Cancel();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Loader_OfPieces_GivesTheImagesOfTheBatchesInTheirOrder(int workers)
    {
        var data = new PatternDataset(50);
        var options = new BatchLoaderOptions { BatchSize = 10, Shuffle = true, DropLast = true, Seed = 5, Workers = workers, Augmentation = new AugmentationOptions { CropPadding = 2, HorizontalFlip = true } };
        int[] indices = [.. Enumerable.Range(0, 50)];
        var whole = Bytes(options, firstStep: 0);

        for (var ranks = 1; ranks <= 4; ranks *= 2)
        {
            var parts = Enumerable.Range(0, ranks).Select(rank => Bytes(options with { Shards = new Shards(4, rank * 4 / ranks, 4 / ranks) }, firstStep: 1)).ToList();
            Assert.Equal(whole.Skip(1), Enumerable.Range(0, 4).Select(step => string.Concat(parts.Select(pieces => string.Concat(pieces.Skip(step * 4 / ranks).Take(4 / ranks))))));
        }

        List<string> Bytes(BatchLoaderOptions loading, int firstStep)
        {
            using var loader = new BatchLoader(data, indices, loading);
            Assert.Equal(5, loader.StepsPerEpoch);
            return [.. loader.Epoch(2, firstStep).Select(batch =>
            {
                using var taken = batch;
                return string.Concat(Enumerable.Range(0, (int)batch.Labels.shape[0]).Select(i =>
                {
                    using var image = batch.Images[i].contiguous();
                    return $"{batch.Labels.data<long>()[i]} {Convert.ToHexString(image.bytes)};";
                }));
            })];
        }
    }

    [Fact]
    public void DetectionLoader_OfPieces_GivesTheImagesOfTheBatchesInTheirOrder()
    {
        var scenes = new SyntheticScenes(2, 20, 32, test: false);
        var options = new DetectionLoaderOptions { BatchSize = 7, Height = 32, Width = 32, Shuffle = true, Augmentation = new(), Statistics = ChannelStatistics.Identity(3), Seed = 9 };
        var whole = Indices(options, 0);

        var parts = new[] { 0, 2 }.Select(first => Indices(options with { Shards = new Shards(4, first, 2) }, 1)).ToList();

        Assert.Equal(whole[1], parts[0].Concat(parts[1]).SelectMany(piece => piece));

        List<int[]> Indices(DetectionLoaderOptions loading, int firstStep) =>
            [.. new DetectionLoader(scenes, [.. Enumerable.Range(0, 20)], loading).Epoch(1, firstStep).Select(batch => batch.Indices.ToArray())];
    }
}
