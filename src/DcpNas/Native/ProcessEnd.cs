using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DcpNas.Native;

/// <summary>Notices that the process is about to end, without the runtime's own event: that one is raised on the finalizer thread, which is parked.</summary>
internal static class ProcessEnd
{
    /// <summary>How often <see cref="HasBegun"/> is to be asked; the delay it can add to the end of the process.</summary>
    public const int PollMilliseconds = 25;

    // After the end has begun, the runtime needs a moment until it tells the finalizer thread to run no further finalizers.
    private const int GraceMilliseconds = 5;
    private const int SignalGraceMilliseconds = 100;
    private const int FirstThread = 1;
    private static readonly List<PosixSignalRegistration> Signals = [];
    private static Thread? _main;

    /// <summary>Whether Main has returned: the runtime then makes its thread a background thread and waits for the finalizer thread.</summary>
    public static bool HasBegun
    {
        get
        {
            if (_main is { IsBackground: false })
            {
                return false;
            }

            Thread.Sleep(GraceMilliseconds);
            return true;
        }
    }

    /// <summary>Starts watching; does nothing when it is watching.</summary>
    /// <exception cref="InvalidOperationException">The thread of Main is not known.</exception>
    public static void Watch()
    {
        if (_main is null)
        {
            throw new InvalidOperationException("LibTorch.Load must be called on the thread of Main, or after another use of DcpNas on that thread.");
        }

        if (Signals.Count == 0)
        {
            Signals.AddRange(
                ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP])
                .Select(signal => PosixSignalRegistration.Create(signal, LeaveUnlessCancelled)));
        }
    }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Nothing else of this library runs before the first use, and later the thread may be another.")]
    internal static void RememberMain()
    {
        if (Environment.CurrentManagedThreadId == FirstThread)
        {
            _main = Thread.CurrentThread;
        }
    }

    // The handlers of the program (write a checkpoint, then return from Main) share the context and have run when it is looked at again.
    private static void LeaveUnlessCancelled(PosixSignalContext context) =>
        new Thread(() =>
        {
            Thread.Sleep(SignalGraceMilliseconds);
            if (!context.Cancel)
            {
                FinalizerGate.LetGo();
            }
        })
        { IsBackground = true }.Start();
}
