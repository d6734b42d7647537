namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>An affine function of stored 16-bit sums or fixed-point numbers, and what is fused with it.</summary>
internal sealed class FixedAffineLayer(Operand input, Finish finish) : Layer
{
    public override int Rows => input.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        finish.Kernel.Run(input.Rows<short>(memory, firstRow, rowCount), finish.Rows(memory, firstRow, rowCount), rowCount, input.Shape.Width);
}
