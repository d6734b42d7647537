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
internal sealed unsafe class Finish(Epilogue kernel, Operand? shortcut, Operand? addend, Operand? output, Operand[] signs)
{
    /// <summary>The job.</summary>
    public Epilogue Kernel => kernel;

    /// <summary>Pointers to some rows; they stay valid because a workspace never moves.</summary>
    /// <param name="memory">The values.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">Rows.</param>
    public EpilogueRows Rows(Workspace memory, int firstRow, int rowCount)
    {
        var rows = new EpilogueRows
        {
            Shortcut = Pointer<float>(shortcut, memory, firstRow, rowCount),
            ShortcutChannels = shortcut?.Shape.Channels ?? 0,
            Addend = Pointer<float>(addend, memory, firstRow, rowCount),
            Output = Pointer<float>(output, memory, firstRow, rowCount),
        };
        for (var i = 0; i < signs.Length; i++)
        {
            rows.Bits[i] = (long)Pointer<ulong>(signs[i], memory, firstRow, rowCount);
        }

        return rows;
    }

    private static T* Pointer<T>(Operand? operand, Workspace memory, int firstRow, int rowCount)
        where T : unmanaged => operand is { } value ? (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value.Rows<T>(memory, firstRow, rowCount))) : null;
}
