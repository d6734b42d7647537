using System.Numerics;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>A real convolution or a fully connected layer on 16-bit numbers, with weights of 8 bits.</summary>
internal sealed class IntegerConvolutionLayer : Layer
{
    private readonly IntegerLayer _integers;
    private readonly IntegerSums _sums;
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly short _least;
    private readonly bool _vectors;

    /// <summary>Prepares the layer.</summary>
    /// <param name="integers">Its numbers.</param>
    /// <param name="filter">Where its taps lie.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="input">What is read.</param>
    /// <param name="output">What is made.</param>
    /// <param name="set">The instructions to use.</param>
    public IntegerConvolutionLayer(IntegerLayer integers, IntegerFilter filter, bool relu, Operand input, Operand output, InstructionSet set)
    {
        (_integers, _input, _output, _least, _vectors) = (integers, input, output, relu ? (short)0 : short.MinValue, set != InstructionSet.Scalar);
        var (outputs, inputs, taps) = (output.Shape.Channels, filter.Depthwise ? 1 : input.Shape.Channels, filter.Geometry.Taps);
        _sums = new IntegerSums(filter, input.Shape, output.Shape, (tap, from, to) => integers.Weight.Span[filter.Depthwise ? (tap * outputs) + to : (((to * taps) + tap) * inputs) + from], set);
    }

    public override int Rows => _output.Shape.Height;

    public override int ScratchBytes => _sums.ScratchBytes;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = _input.In<short>(memory);
        var target = _output.Rows<short>(memory, firstRow, rowCount);
        var (width, channels) = (_output.Shape.Width, _output.Shape.Channels);
        for (var pixel = 0; pixel < rowCount * width; pixel++)
        {
            Finish(_sums.Of(source, firstRow + (pixel / width), pixel % width, scratch), target.Slice(pixel * channels, channels));
        }
    }

    private void Finish(ReadOnlySpan<int> sums, Span<short> target)
    {
        var multipliers = _integers.Multiplier.Span;
        var biases = _integers.Bias.Span;
        var done = 0;
        if (_vectors)
        {
            var (lanes, half) = (Vector<short>.Count, Vector<int>.Count);
            for (; done <= target.Length - lanes; done += lanes)
            {
                Vector.Widen(new Vector<short>(multipliers[done..]), out var low, out var high);
                low = (Number16.High(new Vector<int>(sums[done..]), low) + new Vector<int>(biases[done..])) >> _integers.RightShift;
                high = (Number16.High(new Vector<int>(sums[(done + half)..]), high) + new Vector<int>(biases[(done + half)..])) >> _integers.RightShift;
                Vector.Max(Vector.Narrow(Number16.Saturate(low), Number16.Saturate(high)), new Vector<short>(_least)).CopyTo(target[done..]);
            }
        }

        for (var channel = done; channel < target.Length; channel++)
        {
            var value = (Number16.High(sums[channel], multipliers[channel]) + biases[channel]) >> _integers.RightShift;
            target[channel] = Math.Max(Number16.Saturate(value), _least);
        }
    }
}
