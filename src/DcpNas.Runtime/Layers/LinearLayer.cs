using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A fully connected layer.</summary>
internal sealed class LinearLayer(LinearNode node, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly Linear _kernel = new(input.Shape.Channels, output.Shape.Channels, node.Weight.Span, (node.Bias ?? default).Span, set);

    public override int Rows => 1;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) => _kernel.Run(input.In<float>(memory), output.In<float>(memory));
}
