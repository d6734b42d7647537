using System.Runtime.CompilerServices;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A value that a layer reads or makes.</summary>
/// <param name="Shape">Kind and size.</param>
/// <param name="Slot">Where it is.</param>
internal readonly record struct Operand(ValueShape Shape, Slot Slot)
{
    /// <summary>Elements of one row; of bits, words of one row.</summary>
    public int RowLength => Shape.Width * (Shape.Kind == ValueKind.Bits ? Shape.Blocks : Shape.Channels);

    /// <summary>All elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> In<T>(Workspace memory)
        where T : unmanaged => memory.Of<T>(Slot);

    /// <summary>The elements of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Rows<T>(Workspace memory, int firstRow, int rowCount)
        where T : unmanaged => memory.Of<T>(Slot).Slice(firstRow * RowLength, rowCount * RowLength);
}
