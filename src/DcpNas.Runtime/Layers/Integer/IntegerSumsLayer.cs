namespace DcpNas.Runtime.Layers.Integer;

/// <summary>A layer that makes each output pixel of the sums of a convolution.</summary>
/// <param name="sums">The sums.</param>
/// <param name="input">What is read.</param>
/// <param name="output">What is made.</param>
internal abstract class IntegerSumsLayer(IntegerSums sums, Operand input, Operand output) : Layer
{
    public sealed override int Rows => output.Shape.Height;

    public sealed override int ScratchBytes => sums.ScratchBytes;

    public sealed override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<short>(memory);
        var target = output.Rows<short>(memory, firstRow, rowCount);
        var (width, channels) = (output.Shape.Width, output.Shape.Channels);
        for (var pixel = 0; pixel < rowCount * width; pixel++)
        {
            Finish(sums.Of(source, firstRow + (pixel / width), pixel % width, scratch), target.Slice(pixel * channels, channels));
        }
    }

    /// <summary>Makes the numbers of a pixel.</summary>
    /// <param name="sums">One per output channel.</param>
    /// <param name="target">Likewise.</param>
    protected abstract void Finish(ReadOnlySpan<int> sums, Span<short> target);
}
