using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Kernels.Fixed;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>16-bit numbers to bits by whole thresholds.</summary>
internal sealed class IntegerSignLayer(FloatRule[] rules, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly FixedSigns _kernel = new(rules, exponent: 0, set);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch) =>
        _kernel.Run(input.Rows<short>(memory, firstRow, rowCount), output.Rows<ulong>(memory, firstRow, rowCount), rowCount, output.Shape.Width);
}
