using DcpNas.Runtime.Kernels.Fixed;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>Float32 to fixed-point numbers, or the other way round.</summary>
internal sealed class CastLayer(Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        if (output.Shape.Exponent is { } exponent)
        {
            FixedCast.ToFixed(input.Rows<float>(memory, firstRow, rowCount), output.Rows<short>(memory, firstRow, rowCount), exponent);
        }
        else
        {
            FixedCast.ToFloat(input.Rows<short>(memory, firstRow, rowCount), output.Rows<float>(memory, firstRow, rowCount), input.Shape.Exponent!.Value);
        }
    }
}
