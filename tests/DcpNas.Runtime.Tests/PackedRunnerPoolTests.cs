using System.Collections.Concurrent;

namespace DcpNas.Runtime.Tests;

public class PackedRunnerPoolTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    public async Task Rent_ByManyTasks_GivesEachTheResultOfItsOwnImage(int capacity, int threads)
    {
        var model = SampleModels.EveryNode(channels: 9);
        var images = Enumerable.Range(0, 12).Select(seed => new Draw(seed).Reals((int)model.Graph.Input.Elements)).ToArray();
        using var single = new PackedRunner(model);
        var expected = images.Select(image =>
        {
            single.Run(image);
            return single.Logits.ToArray();
        }).ToArray();
        using var pool = new PackedRunnerPool(model, capacity, new PackedRunnerOptions { Threads = threads });
        var runners = new ConcurrentDictionary<PackedRunner, int>();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(job => Task.Run(async () =>
        {
            using var lease = job % 2 == 0 ? await pool.RentAsync(Cancel) : pool.Rent(Cancel);
            runners.TryAdd(lease.Runner, 0);
            lease.Runner.Run(images[job % images.Length]);
            Assert.Equal(expected[job % images.Length], lease.Runner.Logits.ToArray());
        }, Cancel)));

        Assert.InRange(runners.Count, 1, capacity);
    }

    [Fact]
    public async Task Rent_WhileAllAreInUse_WaitsUntilOneIsBack()
    {
        using var pool = new PackedRunnerPool(SampleModels.EveryNode(channels: 3), capacity: 1);
        var lease = pool.Rent(Cancel);
        var waiting = pool.RentAsync(Cancel).AsTask();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        Assert.False(waiting.IsCompleted);
        Assert.ThrowsAny<OperationCanceledException>(() => pool.Rent(cancel.Token));
        var runner = lease.Runner;
        lease.Dispose();
        lease.Dispose(); // gives back once only
        using var second = await waiting;
        Assert.Same(runner, second.Runner);
        Assert.Throws<ObjectDisposedException>(() => lease.Runner);
        Assert.False(pool.RentAsync(cancel.Token).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void Dispose_EndsRunnersWhenTheyAreBack()
    {
        var pool = new PackedRunnerPool(SampleModels.EveryNode(channels: 3));
        var lease = pool.Rent(Cancel);
        var runner = lease.Runner;
        pool.Dispose();
        runner.Run(new float[192]);
        lease.Dispose();

        Assert.Throws<ObjectDisposedException>(() => runner.Run(new float[192]));
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(Cancel));
    }

    [Fact]
    public async Task Run_OfOneRunnerByTwoThreads_IsRefusedAndNeverMixed()
    {
        var model = SampleModels.EveryNode(side: 16, channels: 64);
        using var runner = new PackedRunner(model);
        var image = new Draw(1).Reals((int)model.Graph.Input.Elements);
        runner.Run(image);
        var expected = runner.Logits.ToArray();
        using var start = new Barrier(3);
        var refused = 0;

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Cancel);
                for (var i = 0; i < 100_000 && Volatile.Read(ref refused) < 10; i++)
                {
                    try
                    {
                        runner.Run(image);
                    }
                    catch (InvalidOperationException problem)
                    {
                        Assert.Equal("A runner runs one call at a time. Use one per thread, or a PackedRunnerPool.", problem.Message);
                        Interlocked.Increment(ref refused);
                    }
                }
            },
            Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        runner.Run(image);
        Assert.Equal(expected, runner.Logits.ToArray());
        Assert.True(refused >= 10);
    }
}
