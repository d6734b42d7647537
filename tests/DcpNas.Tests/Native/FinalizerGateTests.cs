using System.Runtime.CompilerServices;
using DcpNas.Native;

namespace DcpNas.Tests.Native;

public class FinalizerGateTests
{
    private static int _finalized;

    [Fact]
    public void SafePoint_DeadObjects_AreFinalizedOnlyThere()
    {
        FinalizerGate.Park();
        FinalizerGate.SafePoint();
        _finalized = 0;
        Drop();
        GC.Collect();
        Thread.Sleep(50);
        Assert.Equal(0, Volatile.Read(ref _finalized));
        FinalizerGate.SafePoint();
        Assert.Equal(10, Volatile.Read(ref _finalized));
        Assert.True(FinalizerGate.IsParked);
    }

    [Fact]
    public void Release_ThenPark_OpensAndShuts()
    {
        FinalizerGate.Release();
        Assert.False(FinalizerGate.IsParked);
        FinalizerGate.SafePoint();
        Assert.False(FinalizerGate.IsParked);
        FinalizerGate.Park();
        FinalizerGate.Park();
        Assert.True(FinalizerGate.IsParked);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop()
    {
        for (var i = 0; i < 10; i++)
        {
            _ = new Counted();
        }
    }

    private sealed class Counted
    {
        ~Counted() => Interlocked.Increment(ref _finalized);
    }
}
