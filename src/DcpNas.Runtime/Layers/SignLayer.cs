using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Reals to bits by thresholds.</summary>
internal sealed class SignLayer(SignNode node, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly FloatSigns _kernel = new(Kernel.Rules(node), set);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        _kernel.Run(input.Rows<float>(memory, firstRow, rowCount), output.Rows<ulong>(memory, firstRow, rowCount), rowCount, output.Shape.Width);
}
