namespace DcpNas.Data;

/// <summary>The threads of one epoch: they fill a ring of buffers in the order of the steps and never run ahead of it by more than its length.</summary>
internal sealed class BatchPrefetcher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _free;
    private readonly BatchBuffer[] _buffers;
    private readonly ManualResetEventSlim[] _filled;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;
    private readonly int _steps;
    private int _next;

    /// <param name="buffers">The ring; step <c>s</c> is filled into buffer <c>s % length</c>.</param>
    /// <param name="fillers">One per thread.</param>
    /// <param name="order">The epoch's images.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstStep">The first step that is asked for.</param>
    /// <param name="steps">Steps of the whole epoch.</param>
    public BatchPrefetcher(BatchBuffer[] buffers, IReadOnlyList<BatchFiller> fillers, int[] order, int epoch, int firstStep, int steps)
    {
        _buffers = buffers;
        _steps = steps;
        _next = firstStep;
        _free = new SemaphoreSlim(buffers.Length);
        _filled = Array.ConvertAll(buffers, _ => new ManualResetEventSlim(false));
        _threads = [.. fillers.Select((filler, number) => new Thread(() => Work(filler, order, epoch)) { IsBackground = true, Name = $"DcpNas loader {number}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Waits for the buffer of a step; steps are taken in their order.</summary>
    /// <exception cref="OperationCanceledException">The threads were stopped.</exception>
    public BatchBuffer Take(int step)
    {
        _filled[step % _buffers.Length].Wait(_stop.Token);

        // A buffer that a stop cut short is marked as filled too.
        _stop.Token.ThrowIfCancellationRequested();
        return _buffers[step % _buffers.Length];
    }

    /// <summary>Hands the buffer of a step back to the threads.</summary>
    public void Return(int step)
    {
        _filled[step % _buffers.Length].Reset();
        _free.Release();
    }

    /// <summary>Stops the threads and waits until they have ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_next == int.MaxValue)
            {
                return;
            }

            _next = int.MaxValue;
        }

        _stop.Cancel();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _stop.Dispose();
        _free.Dispose();
        Array.ForEach(_filled, filled => filled.Dispose());
    }

    private void Work(BatchFiller filler, int[] order, int epoch)
    {
        var token = _stop.Token;
        var stopped = () => token.IsCancellationRequested;
        while (true)
        {
            int step;
            try
            {
                _free.Wait(token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            lock (_gate)
            {
                if (_next >= _steps)
                {
                    return;
                }

                step = _next++;
            }

            filler.Fill(_buffers[step % _buffers.Length], order, epoch, step, stopped);
            _filled[step % _buffers.Length].Set();
        }
    }
}
