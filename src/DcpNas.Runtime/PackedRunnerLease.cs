namespace DcpNas.Runtime;

/// <summary>A runner rented from a <see cref="PackedRunnerPool"/>; disposing gives it back. Results that were not copied are lost then.</summary>
public sealed class PackedRunnerLease : IDisposable
{
    private readonly PackedRunnerPool _pool;
    private PackedRunner? _runner;

    internal PackedRunnerLease(PackedRunnerPool pool, PackedRunner runner)
    {
        _pool = pool;
        _runner = runner;
    }

    /// <summary>The runner.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public PackedRunner Runner => _runner ?? throw new ObjectDisposedException(nameof(PackedRunnerLease));

    /// <summary>Gives the runner back; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _runner, null) is { } runner)
        {
            _pool.Return(runner);
        }
    }
}
