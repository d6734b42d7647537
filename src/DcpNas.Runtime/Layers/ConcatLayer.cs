using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Puts the channels of real maps or of sums side by side; 16-bit sums widen where another input has 32-bit ones.</summary>
internal sealed class ConcatLayer(Operand[] inputs, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var channel = 0;
        foreach (var input in inputs)
        {
            if (output.Shape.Kind == ValueKind.Real)
            {
                Copy<float>(memory, input, channel, firstRow, rowCount);
            }
            else if (output.Shape.ShortSums)
            {
                Copy<short>(memory, input, channel, firstRow, rowCount);
            }
            else if (!input.Shape.ShortSums)
            {
                Copy<int>(memory, input, channel, firstRow, rowCount);
            }
            else
            {
                Widen(memory, input, channel, firstRow, rowCount);
            }

            channel += input.Shape.Channels;
        }
    }

    private void Copy<T>(Workspace memory, Operand input, int channel, int firstRow, int rowCount)
        where T : unmanaged
    {
        var (from, to) = (input.Shape.Channels, output.Shape.Channels);
        var source = input.Rows<T>(memory, firstRow, rowCount);
        var target = output.Rows<T>(memory, firstRow, rowCount);
        for (var pixel = 0; pixel < rowCount * output.Shape.Width; pixel++)
        {
            source.Slice(pixel * from, from).CopyTo(target[((pixel * to) + channel)..]);
        }
    }

    private void Widen(Workspace memory, Operand input, int channel, int firstRow, int rowCount)
    {
        var (from, to) = (input.Shape.Channels, output.Shape.Channels);
        var source = input.Rows<short>(memory, firstRow, rowCount);
        var target = output.Rows<int>(memory, firstRow, rowCount);
        for (var i = 0; i < source.Length; i++)
        {
            target[((i / from) * to) + channel + (i % from)] = source[i];
        }
    }
}
