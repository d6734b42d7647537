using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Maximum or mean of a window.</summary>
internal sealed class PoolLayer(PoolNode node, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly Pooling _kernel = Kernel.Pooling(node, input.Shape, set);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        _kernel.Run(input.In<float>(memory), output.Rows<float>(memory, firstRow, rowCount), firstRow, rowCount);
}
