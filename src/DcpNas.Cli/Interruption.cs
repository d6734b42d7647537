using System.Runtime.InteropServices;

namespace DcpNas.Cli;

/// <summary>Turns the first Ctrl+C or SIGTERM into a cancellation; the second one ends the process at once, as without us.</summary>
internal sealed class Interruption : IDisposable
{
    private const string ShowCursor = "\u001b[?25h";
    private readonly CancellationTokenSource _source = new();
    private readonly Action _onFirst;
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <param name="onFirst">Tells the user, on any thread, what happens now.</param>
    public Interruption(Action onFirst)
    {
        _onFirst = onFirst;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>Is cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write(ShowCursor); // a live display has hidden it
            }

            return; // the default of the signal follows
        }

        context.Cancel = true;
        _source.Cancel();
        _onFirst();
    }
}
