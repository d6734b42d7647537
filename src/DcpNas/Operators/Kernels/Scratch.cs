using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DcpNas.Operators.Kernels;

/// <summary>Working memory of one thread, kept from call to call.</summary>
/// <remarks>Native, because the workers must not allocate managed memory. Freed by the process's end.</remarks>
internal static unsafe class Scratch
{
    private const int Slots = 8;

    [ThreadStatic]
    private static Table _table;

    /// <summary>At least <paramref name="count"/> floats, aligned to 64 bytes, not cleared. A slot is one buffer; a second request replaces it.</summary>
    public static float* Floats(int slot, long count)
    {
        ref var entry = ref _table[slot];
        if (entry.Count < count)
        {
            NativeMemory.AlignedFree(entry.Pointer);
            entry.Pointer = (float*)NativeMemory.AlignedAlloc((nuint)((count * sizeof(float)) + 64), 64);
            entry.Count = count;
        }

        return entry.Pointer;
    }

    /// <summary>As <see cref="Floats"/>, every element 0.</summary>
    public static float* Zeroed(int slot, long count)
    {
        var pointer = Floats(slot, count);
        NativeMemory.Clear(pointer, (nuint)count * sizeof(float));
        return pointer;
    }

    private struct Entry
    {
        public float* Pointer;
        public long Count;
    }

    [InlineArray(Slots)]
    private struct Table
    {
        private Entry _first;
    }
}
