namespace DcpNas.Runtime.Layers;

/// <summary>Puts the channels of bits side by side; those of a later input are shifted to where the earlier ones end.</summary>
internal sealed class ConcatBitsLayer(Operand[] inputs, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        output.Rows<ulong>(memory, firstRow, rowCount).Clear();
        for (var row = firstRow; row < firstRow + rowCount; row++)
        {
            var target = output.Rows<ulong>(memory, row, 1);
            var channel = 0;
            foreach (var input in inputs)
            {
                var source = input.Rows<ulong>(memory, row, 1);
                for (var block = 0; block < input.Shape.Blocks; block++)
                {
                    Merge(source.Slice(block * output.Shape.Width, output.Shape.Width), target, channel + (64 * block), output.Shape.Width);
                }

                channel += input.Shape.Channels;
            }
        }
    }

    /// <summary>Writes the words of one block of a row; bits past the last channel are 0, so that nothing spills beyond.</summary>
    private static void Merge(ReadOnlySpan<ulong> source, Span<ulong> target, int channel, int width)
    {
        var low = target[(channel / 64 * width)..];
        var shift = channel % 64;
        for (var x = 0; x < width; x++)
        {
            low[x] |= source[x] << shift;
        }

        if (shift > 0 && low.Length > width)
        {
            var high = low[width..];
            for (var x = 0; x < width; x++)
            {
                high[x] |= source[x] >> (64 - shift);
            }
        }
    }
}
