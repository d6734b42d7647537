using DcpNas.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tests.Data;

public sealed class BatchLoaderTests
{
    private static readonly BatchLoaderOptions Augmented = new()
    {
        BatchSize = 16,
        Shuffle = true,
        Seed = 5,
        Augmentation = new AugmentationOptions { CropPadding = 2, HorizontalFlip = true, CutoutLength = 3 },
        Statistics = new ChannelStatistics([0.5, 0.4, 0.3], [0.2, 0.3, 0.4]),
    };

    public BatchLoaderTests()
    {
        DcpNas.Native.LibTorch.Load();
        set_num_threads(1);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(5, true)]
    [InlineData(64, true)]
    public void Epoch_AnyNumberOfWorkers_GivesTheSameBytes(int workers, bool channelsLast)
    {
        var alone = Collect(Augmented with { Workers = 0, ChannelsLast = channelsLast }, epochs: [0, 1]);
        var together = Collect(Augmented with { Workers = workers, Prefetch = 3, ChannelsLast = channelsLast }, epochs: [0, 1]);
        Assert.Equal(alone.Count, together.Count);
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Epoch_ResumedInTheMiddle_GivesTheRest(int workers)
    {
        var options = Augmented with { Workers = workers };
        var whole = Collect(options, epochs: [2]);
        for (var first = 0; first <= whole.Count; first++)
        {
            var rest = Collect(options, epochs: [2], first);
            Assert.Equal(whole.Count - first, rest.Count);
            Assert.All(whole.Skip(first).Zip(rest), pair => Assert.Equal(pair.First, pair.Second));
        }
    }

    [Theory]
    [InlineData(false, 13, 8)]
    [InlineData(true, 12, 16)]
    public void Epoch_ImagesLeftOver_AreKeptOrDropped(bool dropLast, int steps, int lastCount)
    {
        using var loader = Loader(new PatternDataset(200), Augmented with { DropLast = dropLast });
        Assert.Equal(steps, loader.StepsPerEpoch);
        var step = 0;
        foreach (var batch in loader.Epoch(0))
        {
            using (batch)
            {
                Assert.Equal(step++, batch.Step);
                long count = step == steps ? lastCount : 16;
                Assert.Equal([count, 3, 8, 8], batch.Images.shape);
                Assert.Equal([count], batch.Labels.shape);
                Assert.Equal((ScalarType.Float32, ScalarType.Int64), (batch.Images.dtype, batch.Labels.dtype));
            }
        }

        Assert.Equal(steps, step);
        Assert.Equal(dropLast ? 192 : 200, loader.ImagesDelivered);
    }

    [Fact]
    public void Epoch_NoShuffle_KeepsOrderAndPixels()
    {
        int[] indices = [9, 3, 77, 3];
        using var loader = new BatchLoader(new PatternDataset(100), indices, new BatchLoaderOptions { BatchSize = 4 });
        using var batch = Assert.Single(loader.Epoch(0));
        Assert.Equal([9L, 3, 7, 3], batch.Labels.data<long>().ToArray());
        using var pixel = batch.Images[2, 1, 4, 6];
        Assert.Equal(PatternDataset.Pixel(77, 1, 4, 6) / 255f, pixel.item<float>(), 1e-6f);
    }

    [Fact]
    public void Epoch_Shuffle_TakesEachImageOnceInANewOrder()
    {
        var data = new PatternDataset(200, classes: 200);
        var orders = new List<long[]>();
        using var loader = Loader(data, Augmented);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            orders.Add([.. loader.Epoch(epoch).SelectMany(batch =>
            {
                using (batch)
                {
                    return batch.Labels.data<long>().ToArray();
                }
            })]);
            Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), orders[epoch].Order());
        }

        Assert.NotEqual(orders[0], orders[1]);
    }

    [Fact]
    public void Epoch_ChannelsLast_HasTheSameValuesInThatMemory()
    {
        var options = Augmented with { Workers = 0 };
        using var rows = Loader(new PatternDataset(16), options);
        using var pixels = Loader(new PatternDataset(16), options with { ChannelsLast = true });
        using var row = Assert.Single(rows.Epoch(0));
        using var pixel = Assert.Single(pixels.Epoch(0));
        Assert.Equal([16L, 3, 8, 8], pixel.Images.shape);
        Assert.Equal([192L, 1, 24, 3], pixel.Images.stride());
        Assert.Equal([192L, 64, 8, 1], row.Images.stride());
        Assert.True(row.Images.Equals(pixel.Images));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Epoch_ImageCannotBeRead_ThrowsAtItsBatch(int workers)
    {
        var fault = new InputException("bad.png: broken.");
        using var loader = Loader(new PatternDataset(200, onRead: index => _ = index == 70 ? throw fault : 0), Augmented with { Workers = workers, Shuffle = false });
        var steps = 0;
        var error = Assert.Throws<InputException>(() =>
        {
            foreach (var batch in loader.Epoch(0))
            {
                batch.Dispose();
                steps++;
            }
        });
        Assert.Same(fault, error);
        Assert.Equal(4, steps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Epoch_LeftEarly_StopsTheThreads(bool disposeInside)
    {
        var threads = new HashSet<Thread>();
        var data = new PatternDataset(10_000, onRead: _ =>
        {
            lock (threads)
            {
                threads.Add(Thread.CurrentThread);
            }
        });
        var loader = Loader(data, Augmented with { Workers = 3 });
        var batches = loader.Epoch(0).GetEnumerator();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(batches.MoveNext());
            batches.Current.Dispose();
        }

        if (disposeInside)
        {
            loader.Dispose();
            Assert.All(threads, thread => Assert.False(thread.IsAlive));
            Assert.Throws<ObjectDisposedException>(() => batches.MoveNext());
            Assert.Throws<ObjectDisposedException>(() => loader.Epoch(1));
        }

        batches.Dispose();
        Assert.NotEmpty(threads);
        Assert.DoesNotContain(Thread.CurrentThread, threads);
        Assert.All(threads, thread => Assert.False(thread.IsAlive));
        loader.Dispose();
    }

    [Fact]
    public void Epoch_LeftEarly_NextEpochIsUnchanged()
    {
        var expected = Collect(Augmented, epochs: [1]);
        using var loader = Loader(new PatternDataset(200), Augmented with { Workers = 3 });
        for (var time = 0; time < 20; time++)
        {
            foreach (var batch in loader.Epoch(0))
            {
                batch.Dispose();
                break;
            }
        }

        Assert.All(expected.Zip(loader.Epoch(1).Select(Bytes)), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void Epoch_SlowCaller_IsNotOverrun()
    {
        var expected = Collect(Augmented, epochs: [0]);
        var read = 0;
        using var loader = Loader(new PatternDataset(200, onRead: _ => Interlocked.Increment(ref read)), Augmented with { Workers = 2, Prefetch = 2 });
        var step = 0;
        foreach (var batch in loader.Epoch(0))
        {
            Assert.Equal(expected[step++], Bytes(batch));
            Thread.Sleep(5);

            // A ring of three buffers: the next three batches at most.
            Assert.InRange(Volatile.Read(ref read), 0, (step + 3) * 16);
        }
    }

    [Fact]
    public void Epoch_SecondEnumerationAtOnce_IsRefused()
    {
        using var loader = Loader(new PatternDataset(200), Augmented);
        using var batches = loader.Epoch(0).GetEnumerator();
        batches.MoveNext();
        batches.Current.Dispose();
        var error = Assert.Throws<InvalidOperationException>(() => loader.Epoch(0).GetEnumerator().MoveNext());
        Assert.Equal("An epoch of this loader is still being enumerated. Finish it first or use a second loader.", error.Message);
    }

    [Fact]
    public void Epoch_BatchesDisposed_LeaveNoTensor()
    {
        using var loader = Loader(new PatternDataset(200), Augmented with { Workers = 2, ChannelsLast = true });
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var batch in loader.Epoch(epoch))
            {
                // The batch belongs to no scope, so the enclosing one must not hold it.
                Assert.Equal(0, scope.DisposablesCount);
                batch.Dispose();
            }
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_ListsEveryFault()
    {
        var options = new BatchLoaderOptions
        {
            BatchSize = 0,
            Workers = 65,
            Prefetch = 0,
            Statistics = DatasetTable.Find("mnist")!.Statistics!,
            Augmentation = new AugmentationOptions { CropPadding = -1 },
        };
        var error = Assert.Throws<OptionsException>(() => new BatchLoader(new PatternDataset(10), [], options));
        Assert.Equal(
            [
                "batch_size must be at least 1, got 0.",
                "pattern: there are no images to load.",
                "workers must be from 0 to 64, got 65.",
                "prefetch must be at least 1, got 0.",
                "statistics must have one mean and one standard deviation for each of 3 channels, got 1 and 1.",
                "crop_padding must be from 0 to 7 for images of 8 x 8, got -1.",
            ],
            error.Problems);
    }

    [Fact]
    public void Constructor_NoFullBatch_SaysSo()
    {
        var error = Assert.Throws<OptionsException>(() => new BatchLoader(new PatternDataset(10), [1, 2], new BatchLoaderOptions { DropLast = true, BatchSize = 3 }));
        Assert.Equal(["batch_size must not exceed the 2 images it is taken from, got 3."], error.Problems);
    }

    [Fact]
    public void ConsumerWait_SlowReader_IsMeasured()
    {
        using var loader = Loader(new PatternDataset(32, onRead: _ => Thread.Sleep(2)), Augmented with { Workers = 1 });
        foreach (var batch in loader.Epoch(0))
        {
            batch.Dispose();
        }

        Assert.InRange(loader.ConsumerWait, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
    }

    private static BatchLoader Loader(PatternDataset data, BatchLoaderOptions options) => new(data, [.. Enumerable.Range(0, data.Count)], options);

    private static List<byte[]> Collect(BatchLoaderOptions options, int[] epochs, int firstStep = 0)
    {
        using var loader = Loader(new PatternDataset(200), options);
        return [.. epochs.SelectMany(epoch => loader.Epoch(epoch, firstStep).Select(Bytes))];
    }

    private static byte[] Bytes(Batch batch)
    {
        using (batch)
        using (var images = batch.Images.contiguous())
        {
            return [.. images.bytes, .. batch.Labels.bytes];
        }
    }
}
