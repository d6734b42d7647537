using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Layers;

/// <summary>The mean of each channel.</summary>
internal sealed class GlobalAverageLayer(Operand input, Operand output, InstructionSet set) : Layer
{
    public override int Rows => 1;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        GlobalAverage.Run(input.In<float>(memory), output.In<float>(memory), input.Shape.Height * input.Shape.Width, input.Shape.Channels, set);
}
