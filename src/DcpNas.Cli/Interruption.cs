using System.Globalization;
using System.Runtime.InteropServices;

namespace DcpNas.Cli;

/// <summary>Turns the first Ctrl+C, SIGTERM, SIGUSR1 or SIGHUP into a cancellation; the second one ends the process at once, as without us.</summary>
internal sealed class Interruption : IDisposable
{
    private const string ShowCursor = "\u001b[?25h";
    private const PosixSignal User1 = (PosixSignal)10; // of Linux; .NET has no name for it
    private readonly CancellationTokenSource _source = new();
    private readonly Action _onFirst;
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <param name="onFirst">Tells the user, on any thread, what happens now.</param>
    public Interruption(Action onFirst)
    {
        _onFirst = onFirst;
        PosixSignal[] heeded = [PosixSignal.SIGINT, PosixSignal.SIGTERM, .. OperatingSystem.IsLinux() ? (PosixSignal[])[User1] : [], .. IsHangupIgnored() ? (PosixSignal[])[] : [PosixSignal.SIGHUP]];
        _signals = [.. heeded.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Is cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the first signal was SIGUSR1: time is up for now, as clusters say it.</summary>
    public bool IsPause { get; private set; }

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
        IsPause = context.Signal == User1;
        _source.Cancel();
        _onFirst();
    }

    /// <summary>Whether a hang-up is to be survived, as nohup asks for.</summary>
    private static bool IsHangupIgnored()
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        return File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var signals) && (signals & 1) != 0; // bit 0 is signal 1
    }
}
