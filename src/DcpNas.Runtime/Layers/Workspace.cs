using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DcpNas.Runtime.Layers;

/// <summary>The memory in which one image runs: all values of the graph, those that are never needed at the same time in the same place.</summary>
internal sealed class Workspace
{
    private readonly byte[] _bytes;
    private readonly int _start;

    /// <summary>Allocates the memory.</summary>
    public Workspace(int bytes)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(bytes + MemoryPlanner.Alignment, pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
        _start = (int)(-address & (MemoryPlanner.Alignment - 1));
    }

    /// <summary>The elements of a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Of<T>(Slot slot)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(_start + slot.Offset, slot.Bytes));
}
