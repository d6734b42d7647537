using System.Numerics;
using System.Runtime.InteropServices;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>The 32-bit sums of weight * input of a convolution, of all output channels of a pixel at once. No sum overflows, so their order does not matter.</summary>
internal sealed class IntegerSums
{
    private readonly IntegerFilter _filter;
    private readonly ValueShapePair _shapes;
    private readonly int[] _weights; // [tap][in][out], or depthwise [tap][channel]
    private readonly bool _vectors;

    /// <summary>Prepares the sums.</summary>
    /// <param name="filter">Where the taps lie.</param>
    /// <param name="input">The shape that is read.</param>
    /// <param name="output">The shape that is made.</param>
    /// <param name="weightOf">The weight of a tap, an input channel (depthwise: 0) and an output channel.</param>
    /// <param name="set">The instructions to use.</param>
    public IntegerSums(IntegerFilter filter, Model.ValueShape input, Model.ValueShape output, Func<int, int, int, int> weightOf, InstructionSet set)
    {
        (_filter, _shapes, _vectors) = (filter, new ValueShapePair(input.Height, input.Width, input.Channels, output.Channels), set != InstructionSet.Scalar);
        var inputs = filter.Depthwise ? 1 : input.Channels;
        _weights = new int[filter.Geometry.Taps * inputs * output.Channels];
        for (var i = 0; i < _weights.Length; i++)
        {
            var row = i / output.Channels;
            _weights[i] = weightOf(row / inputs, row % inputs, i % output.Channels);
        }
    }

    /// <summary>Writes the sums of one output pixel.</summary>
    /// <param name="source">The whole input.</param>
    /// <param name="y">The row of the output.</param>
    /// <param name="x">The column of the output.</param>
    /// <param name="sums">One per output channel.</param>
    public void Of(ReadOnlySpan<short> source, int y, int x, Span<int> sums)
    {
        sums.Clear();
        var geometry = _filter.Geometry;
        for (var tap = 0; tap < geometry.Taps; tap++)
        {
            var inY = geometry.FirstTap(y) + (tap / geometry.Kernel * geometry.Dilation);
            var inX = geometry.FirstTap(x) + (tap % geometry.Kernel * geometry.Dilation);
            if ((uint)inY >= (uint)_shapes.Height || (uint)inX >= (uint)_shapes.Width)
            {
                continue;
            }

            var pixel = source.Slice(((inY * _shapes.Width) + inX) * _shapes.Inputs, _shapes.Inputs);
            if (_filter.Depthwise)
            {
                AddProducts(pixel, _weights.AsSpan(tap * sums.Length, sums.Length), sums);
                continue;
            }

            for (var channel = 0; channel < pixel.Length; channel++)
            {
                AddMultiple(pixel[channel], _weights.AsSpan(((tap * pixel.Length) + channel) * sums.Length, sums.Length), sums);
            }
        }
    }

    private static void AddProducts(ReadOnlySpan<short> pixel, ReadOnlySpan<int> weights, Span<int> sums)
    {
        for (var channel = 0; channel < sums.Length; channel++)
        {
            sums[channel] += pixel[channel] * weights[channel];
        }
    }

    private void AddMultiple(int value, ReadOnlySpan<int> weights, Span<int> sums)
    {
        var done = 0;
        if (_vectors)
        {
            var lanes = MemoryMarshal.Cast<int, Vector<int>>(sums);
            var factors = MemoryMarshal.Cast<int, Vector<int>>(weights);
            var number = new Vector<int>(value);
            for (var i = 0; i < lanes.Length; i++)
            {
                lanes[i] += number * factors[i];
            }

            done = lanes.Length * Vector<int>.Count;
        }

        for (var output = done; output < sums.Length; output++)
        {
            sums[output] += value * weights[output];
        }
    }

    private readonly record struct ValueShapePair(int Height, int Width, int Inputs, int Outputs);
}
