using DcpNas.Runtime.Kernels.Fixed;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>Maximum or mean of a window of fixed-point numbers.</summary>
internal sealed class FixedPoolLayer(PoolNode node, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly FixedPooling _kernel = Kernel.FixedPooling(node, input.Shape, set);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        _kernel.Run(input.In<short>(memory), output.Rows<short>(memory, firstRow, rowCount), firstRow, rowCount);
}
