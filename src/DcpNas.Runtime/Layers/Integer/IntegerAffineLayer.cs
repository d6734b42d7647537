using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>Multiplier, bias, shortcut, slope and offset of 16-bit numbers or of sums.</summary>
internal sealed class IntegerAffineLayer(IntegerEpilogue kernel, Operand input, Operand? shortcut, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var target = output.Rows<short>(memory, firstRow, rowCount);
        var term = shortcut is { } present ? present.Rows<short>(memory, firstRow, rowCount) : default(ReadOnlySpan<short>);
        if (input.Shape.Kind == ValueKind.Sums && !input.Shape.ShortSums)
        {
            kernel.Run(input.Rows<int>(memory, firstRow, rowCount), term, target);
        }
        else
        {
            kernel.Run(input.Rows<short>(memory, firstRow, rowCount), term, target);
        }
    }
}
