using static TorchSharp.torch;

namespace DcpNas.Operators.Kernels;

/// <summary>Runs the chunks of a kernel on the calling thread and on a few waiting background threads.</summary>
/// <remarks>
/// The number of threads is that of libtorch (<c>torch.get_num_threads()</c>). Each thread has a share of its own, the same part of the chunks
/// in every job: what a kernel wrote is then in the cache of the core that the next one reads it on. A thread that has done its share helps the
/// others, so a worker that the system does not schedule delays nothing. A kernel writes its partial results by chunk, never by thread, so
/// results do not depend on the number of threads. No call allocates, since managed allocation beside libtorch is what the process must avoid.
/// </remarks>
internal static unsafe class WorkerPool
{
    /// <summary>Shares of a job at most: one for each thread, further threads only help.</summary>
    private const int MostShares = 16;

    /// <summary>Distance of two shares in memory, in longs: two cache lines, so that threads do not disturb each other.</summary>
    private const int Stride = 16;

    /// <summary>Pauses before a waiting worker sleeps; about 30 microseconds, the usual gap between two kernels.</summary>
    private const int SpinsBeforeSleep = 1500;

    private static readonly Lock Owner = new();
    private static readonly object Sleep = new();
    private static readonly long[] Shares = new long[MostShares * Stride]; // each: its end << 32 | the next chunk
    private static int _shares;
    private static int _done;
    private static int _sleeping;
    private static int _workers;
    private static int _active;
    private static int _generation;
    private static delegate*<void*, int, void> _body;
    private static void* _state;

    /// <summary>Calls <paramref name="body"/> once for every chunk <c>0 .. chunks - 1</c> and returns when all are finished.</summary>
    /// <param name="body">Must not throw and must not allocate.</param>
    /// <param name="state">Passed on; lives on the caller's stack.</param>
    /// <param name="chunks">Number of calls, below one million.</param>
    public static void Run(delegate*<void*, int, void> body, void* state, int chunks)
    {
        var threads = Math.Min(get_num_threads(), chunks);
        if (threads <= 1 || !Owner.TryEnter())
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                body(state, chunk);
            }

            return;
        }

        try
        {
            RunShared(body, state, chunks, threads - 1);
        }
        finally
        {
            Owner.Exit();
        }
    }

    private static void RunShared(delegate*<void*, int, void> body, void* state, int chunks, int helpers)
    {
        while (_workers < helpers)
        {
            var index = _workers++;
            new Thread(() => Work(index)) { IsBackground = true, Name = $"DcpNas kernel {index}" }.Start();
        }

        _body = body;
        _state = state;
        _done = 0;
        _active = helpers;
        _shares = Math.Min(helpers + 1, MostShares);
        for (var share = 0; share < _shares; share++)
        {
            var (first, end) = (Chunks.Start(chunks, _shares, share), Chunks.Start(chunks, _shares, share + 1));
            Interlocked.Exchange(ref Shares[share * Stride], (end << 32) | first);
        }

        Interlocked.Increment(ref _generation);
        if (Volatile.Read(ref _sleeping) > 0)
        {
            lock (Sleep)
            {
                Monitor.PulseAll(Sleep);
            }
        }

        TakeChunks(0);
        var spinner = default(SpinWait);
        while (Volatile.Read(ref _done) < chunks)
        {
            spinner.SpinOnce(-1);
        }
    }

    /// <summary>Takes the chunks of a share, then those that other shares have left. A taken chunk keeps the job alive, so body and state belong to it.</summary>
    private static void TakeChunks(int own)
    {
        var shares = Volatile.Read(ref _shares);
        for (var i = 0; i < shares; i++)
        {
            ref var share = ref Shares[(own + i) % shares * Stride];
            while (IsLeft(Volatile.Read(ref share)))
            {
                var taken = Interlocked.Increment(ref share) - 1;
                if (!IsLeft(taken))
                {
                    break;
                }

                _body(_state, (int)(uint)taken);
                Interlocked.Increment(ref _done);
            }
        }
    }

    private static bool IsLeft(long share) => (uint)share < (uint)(share >> 32);

    private static void Work(int index)
    {
        var seen = 0;
        while (true)
        {
            seen = Await(seen);
            if (index < Volatile.Read(ref _active))
            {
                TakeChunks(index + 1);
            }
        }
    }

    private static int Await(int seen)
    {
        for (var spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            var generation = Volatile.Read(ref _generation);
            if (generation != seen)
            {
                return generation;
            }

            Thread.SpinWait(1);
        }

        lock (Sleep)
        {
            Interlocked.Increment(ref _sleeping);
            while (Volatile.Read(ref _generation) == seen)
            {
                Monitor.Wait(Sleep);
            }

            Interlocked.Decrement(ref _sleeping);
            return Volatile.Read(ref _generation);
        }
    }
}
