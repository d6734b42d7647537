namespace DcpNas.Runtime.Layers.Integer;

/// <summary>The larger of a 16-bit number and 0.</summary>
internal sealed class IntegerReluLayer(Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.Rows<short>(memory, firstRow, rowCount);
        var target = output.Rows<short>(memory, firstRow, rowCount);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = Math.Max(source[i], (short)0);
        }
    }
}
