namespace DcpNas.Runtime.Layers.Integer;

/// <summary>The mean of each channel over the image.</summary>
internal sealed class IntegerAverageLayer(IntegerAverage integers, Operand input, Operand output) : Layer
{
    public override int Rows => 1;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<short>(memory);
        var target = output.In<short>(memory);
        for (var channel = 0; channel < target.Length; channel++)
        {
            var sum = 0;
            for (var i = channel; i < source.Length; i += target.Length)
            {
                sum += source[i];
            }

            target[channel] = Number16.Saturate((((long)sum * integers.Multiplier) + (1L << (integers.RightShift - 1))) >> integers.RightShift);
        }
    }
}
