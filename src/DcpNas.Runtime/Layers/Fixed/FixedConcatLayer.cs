using DcpNas.Runtime.Kernels.Fixed;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>Puts the channels of maps of fixed-point numbers side by side, each brought to the exponent of the result.</summary>
internal sealed class FixedConcatLayer(Operand[] inputs, Operand output, InstructionSet set) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var (to, channel) = (output.Shape.Channels, 0);
        foreach (var input in inputs)
        {
            var (from, shift) = (input.Shape.Channels, input.Shape.Exponent!.Value - output.Shape.Exponent!.Value);
            var source = input.Rows<short>(memory, firstRow, rowCount);
            var target = output.Rows<short>(memory, firstRow, rowCount);
            for (var pixel = 0; pixel < rowCount * output.Shape.Width; pixel++)
            {
                FixedSum.Shift(source.Slice(pixel * from, from), target.Slice((pixel * to) + channel, from), shift, set);
            }

            channel += from;
        }
    }
}
