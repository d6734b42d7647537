using DcpNas.Runtime.Kernels.Fixed;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>Fixed-point numbers to bits by thresholds.</summary>
internal sealed class FixedSignLayer(SignNode node, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly FixedSigns _kernel = new(Kernel.Rules(node), input.Shape.Exponent!.Value, set);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        _kernel.Run(input.Rows<short>(memory, firstRow, rowCount), output.Rows<ulong>(memory, firstRow, rowCount), rowCount, output.Shape.Width);
}
