using System.Runtime.InteropServices;

namespace DcpNas.Cli.Jobs;

/// <summary>Stops a worker after a checkpoint when the process that has started it says so or is gone.</summary>
internal sealed class Supervisor : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    /// <summary>Begins to listen at standard input and to signals.</summary>
    public Supervisor()
    {
        Token = _source.Token;

        // Ctrl+C of a terminal reaches this process too, and the one that has started it decides what it means.
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
        new Thread(Listen) { IsBackground = true, Name = "supervisor" }.Start();
    }

    /// <summary>Is cancelled by the word stop, by the end of standard input and by SIGTERM.</summary>
    public CancellationToken Token { get; }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_signals, signal => signal.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _source.Cancel();
    }

    private void Listen()
    {
        while (Console.In.ReadLine() is { } line && line != "stop")
        {
            // Nothing else is said.
        }

        _source.Cancel();
    }
}
