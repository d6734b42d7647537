namespace DcpNas.Runtime.Layers;

/// <summary><c>x &gt; 0 ? x : 0</c>.</summary>
internal sealed class ReluLayer(Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var target = output.Rows<float>(memory, firstRow, rowCount);
        input.Rows<float>(memory, firstRow, rowCount).CopyTo(target);
        Apply(target);
    }

    /// <summary>Replaces what is not above 0 by 0.</summary>
    public static void Apply(Span<float> values)
    {
        foreach (ref var value in values)
        {
            value = value > 0 ? value : 0;
        }
    }
}
