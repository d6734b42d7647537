using System.Runtime.CompilerServices;

namespace DcpNas.Native;

/// <summary>Keeps finalizers from running while native code may still use what they would free.</summary>
/// <remarks>
/// <para>
/// TorchSharp hands native handles of finalizable objects (the hidden <c>Scalar</c> of <c>a + b</c>, tensors without a dispose scope) to libtorch
/// without keeping the objects alive. If another managed thread triggers a collection meanwhile, the finalizer thread frees them under the native
/// code: wrong values or a crash. While the gate is shut the finalizer thread sleeps inside a finalizer of ours; dead objects queue up behind it.
/// </para>
/// <para>
/// Consequences (docs/adr/0003). <see cref="GC.WaitForPendingFinalizers"/> hangs while the gate is shut: use <see cref="SafePoint"/>. Objects that are
/// neither disposed nor scoped keep their native memory until the next safe point. The runtime raises its exit events on the finalizer thread:
/// returning from Main and the signals open the gate by themselves, but <see cref="Environment.Exit(int)"/> needs <see cref="Release"/> before it.
/// </para>
/// </remarks>
public static class FinalizerGate
{
    private static readonly Lock Gate = new();
    private static readonly ManualResetEventSlim Open = new(false);
    private static readonly ManualResetEventSlim Parked = new(false);
    private static volatile bool _parked;
    private static bool _wanted;

    /// <summary>Whether the finalizer thread is parked now.</summary>
    public static bool IsParked => _parked;

    /// <summary>Parks the finalizer thread; does nothing when it is parked. <see cref="LibTorch.Load"/> calls it.</summary>
    /// <exception cref="InvalidOperationException">DcpNas was first used on another thread than that of Main, whose end must be seen.</exception>
    public static void Park()
    {
        lock (Gate)
        {
            ProcessEnd.Watch();
            _wanted = true;
            Shut();
        }
    }

    /// <summary>Lets the finalizers that wait run, then parks the thread again; does nothing when the gate is not in use.</summary>
    /// <remarks>
    /// Call it from a training loop every few steps, between two steps, and only when no thread is inside libtorch (no data loader thread may be
    /// computing on tensors). Takes about a millisecond. Idempotent; one caller at a time.
    /// </remarks>
    public static void SafePoint()
    {
        lock (Gate)
        {
            if (!_wanted)
            {
                return;
            }

            Drain();
            Shut();
        }
    }

    /// <summary>Opens the gate until the next <see cref="Park"/>: before Environment.Exit, or in programs that wait for finalizers (benchmark harnesses).</summary>
    public static void Release()
    {
        lock (Gate)
        {
            if (_wanted)
            {
                _wanted = false;
                Drain();
            }
        }
    }

    /// <summary>Lets the finalizer thread go without waiting for it: the process is about to end.</summary>
    internal static void LetGo() => Open.Set();

    private static void Drain()
    {
        Open.Set();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void Shut()
    {
        if (_parked)
        {
            return;
        }

        Open.Reset();
        Parked.Reset();
        CreateDoorkeeper();
        for (var attempt = 0; !_parked; attempt++)
        {
            // The youngest generation holds the new doorkeeper, unless a stale register kept it through the first collection.
            GC.Collect(attempt < 3 ? 0 : GC.MaxGeneration);
            Parked.Wait(millisecondsTimeout: 10);
        }
    }

    // In its own frame, so that no register of the caller keeps the object alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CreateDoorkeeper() => _ = new Doorkeeper();

    private sealed class Doorkeeper
    {
        ~Doorkeeper()
        {
            _parked = true;
            Parked.Set();
            while (!Open.Wait(ProcessEnd.PollMilliseconds) && !ProcessEnd.HasBegun)
            {
            }

            _parked = false;
        }
    }
}
