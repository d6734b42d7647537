using System.Collections.Concurrent;

namespace DcpNas.Runtime;

/// <summary>Runners of one model for many threads, for example the requests of a server. Thread-safe; register one as a singleton.</summary>
/// <remarks>Runners are made when they are first needed and reused. Renting waits while all are in use.</remarks>
public sealed class PackedRunnerPool : IDisposable
{
    private readonly ConcurrentBag<PackedRunner> _idle = [];
    private readonly SemaphoreSlim _free;
    private readonly PackedRunnerOptions? _options;
    private volatile bool _disposed;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="model">The model.</param>
    /// <param name="capacity">Runners at most; 0 for one per processor.</param>
    /// <param name="options">Options of each runner; with many requests at once, one thread each is best.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public PackedRunnerPool(PackedModel model, int capacity = 0, PackedRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        options?.Check();
        Model = model;
        Capacity = capacity == 0 ? Environment.ProcessorCount : capacity;
        _options = options;
        _free = new SemaphoreSlim(Capacity);
    }

    /// <summary>The model.</summary>
    public PackedModel Model { get; }

    /// <summary>Runners at most.</summary>
    public int Capacity { get; }

    /// <summary>Takes a runner, waiting for one if all are in use. Dispose the lease to give it back.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="PackedModelException">A runner cannot be made: <see cref="PackedRunnerOptions.MaxImageBytes"/>.</exception>
    public PackedRunnerLease Rent(CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var start = RuntimeTelemetry.StartOfWait();
        _free.Wait(cancel);
        return Take(start);
    }

    /// <inheritdoc cref="Rent"/>
    public async ValueTask<PackedRunnerLease> RentAsync(CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var start = RuntimeTelemetry.StartOfWait();
        await _free.WaitAsync(cancel).ConfigureAwait(false);
        return Take(start);
    }

    /// <summary>Ends the pool. Runners that are rented end when they are given back.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var runner))
        {
            runner.Dispose();
        }
    }

    internal void Return(PackedRunner runner)
    {
        RuntimeTelemetry.Returned();
        _idle.Add(runner);
        _free.Release();
        if (_disposed)
        {
            Dispose();
        }
    }

    private PackedRunnerLease Take(long start)
    {
        try
        {
            var lease = new PackedRunnerLease(this, _idle.TryTake(out var runner) ? runner : new PackedRunner(Model, _options));
            RuntimeTelemetry.Rented(start);
            return lease;
        }
        catch
        {
            _free.Release();
            throw;
        }
    }
}
