using DcpNas.Runtime.Kernels.Fixed;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>Adds maps of fixed-point numbers from left to right, each brought to the exponent of the result.</summary>
internal sealed class FixedAddLayer(Operand[] inputs, Operand output, InstructionSet set) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var target = output.Rows<short>(memory, firstRow, rowCount);
        var exponent = output.Shape.Exponent!.Value;
        FixedSum.Shift(inputs[0].Rows<short>(memory, firstRow, rowCount), target, inputs[0].Shape.Exponent!.Value - exponent, set);
        foreach (var input in inputs.AsSpan(1))
        {
            FixedSum.Add(target, input.Rows<short>(memory, firstRow, rowCount), input.Shape.Exponent!.Value - exponent, set);
        }
    }
}
