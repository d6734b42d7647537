using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Layers;

/// <summary>An epilogue and the values that it reads and makes.</summary>
/// <param name="kernel">The job.</param>
/// <param name="shortcut">Added before the slope, or null; it may have fewer channels, which repeat.</param>
/// <param name="addend">Added at the end, or null.</param>
/// <param name="output">The reals, or null where nobody reads them.</param>
/// <param name="signs">Their signs.</param>
internal sealed unsafe class Finish(SumEpilogue kernel, Operand? shortcut, Operand? addend, Operand? output, Operand[] signs)
{
    /// <summary>The job.</summary>
    public SumEpilogue Kernel => kernel;

    /// <summary>Pointers to some rows; they stay valid because a workspace never moves.</summary>
    /// <param name="memory">The values.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">Rows.</param>
    public EpilogueRows Rows(Workspace memory, int firstRow, int rowCount)
    {
        var rows = new EpilogueRows
        {
            Shortcut = Numbers(shortcut, memory, firstRow, rowCount),
            ShortcutChannels = shortcut?.Shape.Channels ?? 0,
            Addend = Numbers(addend, memory, firstRow, rowCount),
            Output = Numbers(output, memory, firstRow, rowCount),
        };
        for (var i = 0; i < signs.Length; i++)
        {
            rows.Bits[i] = (long)Pointer<ulong>(signs[i], memory, firstRow, rowCount);
        }

        return rows;
    }

    private static void* Numbers(Operand? operand, Workspace memory, int firstRow, int rowCount) =>
        operand is not { } value ? null : value.Shape.Exponent is null ? Pointer<float>(value, memory, firstRow, rowCount) : Pointer<short>(value, memory, firstRow, rowCount);

    private static T* Pointer<T>(Operand value, Workspace memory, int firstRow, int rowCount)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value.Rows<T>(memory, firstRow, rowCount)));
}
