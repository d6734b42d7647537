using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DcpNas.Distributed;

namespace DcpNas.Tests.Distributed;

/// <summary>Ranks as threads of one process, of which one runs at a time: it hands over where it waits for another, so that libtorch sees no two at once.</summary>
internal static class ThreadRanks
{
    /// <summary>Runs the same work on every rank.</summary>
    /// <returns>What each rank gives, or the exception with which it ended.</returns>
    public static (T? Result, Exception? Error)[] Try<T>(int ranks, Func<ICollective, T> work)
    {
        var hub = new Hub(ranks);
        var results = new (T?, Exception?)[ranks];
        var threads = Enumerable.Range(0, ranks).Select(rank => new Thread(() =>
        {
            var member = new Member(hub, rank);
            hub.Baton.Wait();
            using var _ = Collective.Use(member);
            try
            {
                results[rank] = (work(member), null);
            }
            catch (Exception error)
            {
                results[rank] = (default, error);
            }
            finally
            {
                hub.Baton.Release();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return results;
    }

    /// <summary>The same where no rank may fail.</summary>
    public static T[] Run<T>(int ranks, Func<ICollective, T> work) => [.. Try(ranks, work).Select(one =>
    {
        if (one.Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return one.Result!;
    })];

    private sealed class Hub(int ranks)
    {
        public SemaphoreSlim Baton { get; } = new(1);

        public BlockingCollection<byte[]>[,] Boxes { get; } = Create(ranks);

        private static BlockingCollection<byte[]>[,] Create(int ranks)
        {
            var boxes = new BlockingCollection<byte[]>[ranks, ranks];
            for (var i = 0; i < ranks * ranks; i++)
            {
                boxes[i / ranks, i % ranks] = [];
            }

            return boxes;
        }
    }

    private sealed class Member(Hub hub, int rank) : ICollective
    {
        public int Rank => rank;

        public int Ranks => hub.Boxes.GetLength(0);

        public int LocalRank => rank;

        public int LocalRanks => Ranks;

        public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received, TimeSpan patience)
        {
            hub.Boxes[rank, partner].Add(sent.ToArray());
            hub.Baton.Release();
            var came = hub.Boxes[partner, rank].TryTake(out var message, TimeSpan.FromSeconds(20));
            hub.Baton.Wait();
            if (!came)
            {
                throw new RankLostException($"Rank {partner} does not answer rank {rank}.");
            }

            message!.CopyTo(received);
        }

        public void Dispose()
        {
            // Holds nothing of its own.
        }
    }
}
