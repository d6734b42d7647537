using DcpNas.Runtime.Kernels.Fixed;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>The mean of each channel of fixed-point numbers, as float32.</summary>
internal sealed class FixedAverageLayer(Operand input, Operand output) : Layer
{
    public override int Rows => 1;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        FixedCast.Mean(input.In<short>(memory), output.In<float>(memory), input.Shape.Height * input.Shape.Width, input.Shape.Exponent!.Value);
}
