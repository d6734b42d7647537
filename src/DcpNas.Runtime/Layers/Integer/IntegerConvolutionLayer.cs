using System.Numerics;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>A real convolution or a fully connected layer on 16-bit numbers, with weights of 8 or 16 bits.</summary>
internal sealed class IntegerConvolutionLayer : IntegerSumsLayer
{
    private readonly IntegerLayer _integers;
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
        : base(SumsOf(integers.Weight, filter, input.Shape, output.Shape, set), input, output) =>
        (_integers, _least, _vectors) = (integers, relu ? (short)0 : short.MinValue, set != InstructionSet.Scalar);

    private static IntegerSums SumsOf(ReadOnlyMemory<short> weights, IntegerFilter filter, ValueShape input, ValueShape output, InstructionSet set)
    {
        var (outputs, inputs, taps) = (output.Channels, filter.Depthwise ? 1 : input.Channels, filter.Geometry.Taps);
        return new IntegerSums(filter, input, output, (tap, from, to) => weights.Span[filter.Depthwise ? (tap * outputs) + to : (((to * taps) + tap) * inputs) + from], set);
    }

    protected override void Finish(ReadOnlySpan<int> sums, Span<short> target)
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
