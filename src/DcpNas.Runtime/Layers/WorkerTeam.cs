namespace DcpNas.Runtime.Layers;

/// <summary>Threads that run one job together, again and again, without allocating. Worker 0 is the caller.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _starts;
    private readonly SemaphoreSlim _done = new(0); // not a CountdownEvent, which allocates when it first blocks
    private readonly Action<int> _job;
    private Exception? _failure;
    private int _arrived;
    private volatile int _phase;
    private volatile bool _failed;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="workers">Workers, the caller included.</param>
    /// <param name="job">What each does; it gets the number of the worker.</param>
    public WorkerTeam(int workers, Action<int> job)
    {
        _job = job;
        Workers = workers;
        _starts = new SemaphoreSlim[workers - 1];
        _threads = new Thread[workers - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _starts[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"packed runner {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Workers, the caller included.</summary>
    public int Workers { get; }

    /// <summary>Runs the job on every worker and waits for all.</summary>
    public void Run()
    {
        if (Workers == 1)
        {
            _job(0);
            return;
        }

        (_arrived, _failed, _failure) = (0, false, null);
        foreach (var start in _starts)
        {
            start.Release();
        }

        RunJob(0);
        for (var i = 0; i < Workers; i++)
        {
            _done.Wait();
        }

        if (_failure is not null)
        {
            throw new InvalidOperationException($"Bug in DcpNas: a worker failed: {_failure.Message}", _failure);
        }
    }

    /// <summary>Called by every worker in its job: waits until all have called it.</summary>
    public void Meet()
    {
        if (Workers == 1)
        {
            return;
        }

        var phase = _phase;
        if (Interlocked.Increment(ref _arrived) == Workers)
        {
            _arrived = 0;
            _phase = phase + 1;
            return;
        }

        var spin = default(SpinWait);
        while (_phase == phase)
        {
            if (_failed)
            {
                throw new OperationCanceledException("Another worker failed.");
            }

            spin.SpinOnce(sleep1Threshold: -1); // layers take microseconds: yield, but do not sleep
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        foreach (var start in _starts)
        {
            start.Release();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        foreach (var start in _starts)
        {
            start.Dispose();
        }

        _done.Dispose();
    }

    private void Work(int worker)
    {
        while (true)
        {
            _starts[worker - 1].Wait();
            if (_stopping)
            {
                return;
            }

            RunJob(worker);
        }
    }

    private void RunJob(int worker)
    {
        try
        {
            _job(worker);
        }
        catch (Exception error)
        {
            // Kept for the caller: an exception that leaves a thread ends the process, and the others must not wait for ever.
            Interlocked.CompareExchange(ref _failure, error, null);
            _failed = true;
        }
        finally
        {
            _done.Release();
        }
    }
}
