using System.Numerics;
using System.Runtime.InteropServices;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>The 32-bit sums of weight * input of a convolution, of all output channels of a pixel at once. No sum overflows, so their order does not matter.</summary>
internal sealed class IntegerSums
{
    private readonly IntegerFilter _filter;
    private readonly ValueShape _input;
    private readonly int[] _weights; // [tap][in][width], or depthwise [tap][channel]; 0 beyond the output channels
    private readonly int _width; // output channels, of dense convolutions rounded up to whole vectors
    private readonly int _outputs;
    private readonly bool _vectors;

    /// <summary>Prepares the sums.</summary>
    /// <param name="filter">Where the taps lie.</param>
    /// <param name="input">The shape that is read.</param>
    /// <param name="output">The shape that is made.</param>
    /// <param name="weightOf">The weight of a tap, an input channel (depthwise: 0) and an output channel.</param>
    /// <param name="set">The instructions to use.</param>
    public IntegerSums(IntegerFilter filter, ValueShape input, ValueShape output, Func<int, int, int, int> weightOf, InstructionSet set)
    {
        (_filter, _input, _outputs, _vectors) = (filter, input, output.Channels, set != InstructionSet.Scalar && output.Channels >= Vector<int>.Count);
        var inputs = filter.Depthwise ? 1 : input.Channels;
        _width = filter.Depthwise || !_vectors ? _outputs : (_outputs + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        _weights = new int[checked(filter.Geometry.Taps * inputs * _width)];
        for (var i = 0; i < _weights.Length; i++)
        {
            var (row, to) = (i / _width, i % _width);
            _weights[i] = to < _outputs ? weightOf(row / inputs, row % inputs, to) : 0;
        }
    }

    /// <summary>Bytes of scratch that one thread needs.</summary>
    public int ScratchBytes => checked(sizeof(int) * (_width + (_filter.Geometry.Taps * _input.Channels)));

    /// <summary>Computes the sums of one output pixel.</summary>
    /// <param name="source">The whole input.</param>
    /// <param name="y">The row of the output.</param>
    /// <param name="x">The column of the output.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    /// <returns>One sum per output channel, in the scratch.</returns>
    public ReadOnlySpan<int> Of(ReadOnlySpan<short> source, int y, int x, Span<byte> scratch)
    {
        var numbers = MemoryMarshal.Cast<byte, int>(scratch);
        var (sums, patch) = (_width, _filter.Geometry.Taps * _input.Channels);
        Gather(source, y, x, numbers.Slice(sums, patch));
        if (_filter.Depthwise)
        {
            Depthwise(numbers.Slice(sums, patch), numbers[..sums]);
        }
        else
        {
            Dense(numbers.Slice(sums, patch), numbers[..sums]);
        }

        return numbers[.._outputs];
    }

    /// <summary>The numbers under the taps, 0 outside of the image.</summary>
    private void Gather(ReadOnlySpan<short> source, int y, int x, Span<int> patch)
    {
        var geometry = _filter.Geometry;
        for (var tap = 0; tap < geometry.Taps; tap++)
        {
            var inY = geometry.FirstTap(y) + (tap / geometry.Kernel * geometry.Dilation);
            var inX = geometry.FirstTap(x) + (tap % geometry.Kernel * geometry.Dilation);
            var target = patch.Slice(tap * _input.Channels, _input.Channels);
            if ((uint)inY >= (uint)_input.Height || (uint)inX >= (uint)_input.Width)
            {
                target.Clear();
                continue;
            }

            var pixel = source.Slice(((inY * _input.Width) + inX) * _input.Channels, _input.Channels);
            for (var channel = 0; channel < target.Length; channel++)
            {
                target[channel] = pixel[channel];
            }
        }
    }

    private void Depthwise(ReadOnlySpan<int> patch, Span<int> sums)
    {
        sums.Clear();
        for (var tap = 0; tap < _filter.Geometry.Taps; tap++)
        {
            var pixel = patch.Slice(tap * sums.Length, sums.Length);
            var weights = _weights.AsSpan(tap * sums.Length, sums.Length);
            var done = 0;
            if (_vectors)
            {
                for (; done <= sums.Length - Vector<int>.Count; done += Vector<int>.Count)
                {
                    (new Vector<int>(sums[done..]) + (new Vector<int>(pixel[done..]) * new Vector<int>(weights[done..]))).CopyTo(sums[done..]);
                }
            }

            for (var channel = done; channel < sums.Length; channel++)
            {
                sums[channel] += pixel[channel] * weights[channel];
            }
        }
    }

    private void Dense(ReadOnlySpan<int> patch, Span<int> sums)
    {
        if (!_vectors)
        {
            for (var output = 0; output < sums.Length; output++)
            {
                var sum = 0;
                for (var term = 0; term < patch.Length; term++)
                {
                    sum += patch[term] * _weights[(term * sums.Length) + output];
                }

                sums[output] = sum;
            }

            return;
        }

        var (lanes, done) = (Vector<int>.Count, 0);
        for (; done <= sums.Length - (4 * lanes); done += 4 * lanes)
        {
            var (a, b, c, d) = (Vector<int>.Zero, Vector<int>.Zero, Vector<int>.Zero, Vector<int>.Zero);
            for (var term = 0; term < patch.Length; term++)
            {
                var number = new Vector<int>(patch[term]);
                var weights = _weights.AsSpan((term * sums.Length) + done, 4 * lanes);
                a += number * new Vector<int>(weights);
                b += number * new Vector<int>(weights[lanes..]);
                c += number * new Vector<int>(weights[(2 * lanes)..]);
                d += number * new Vector<int>(weights[(3 * lanes)..]);
            }

            a.CopyTo(sums[done..]);
            b.CopyTo(sums[(done + lanes)..]);
            c.CopyTo(sums[(done + (2 * lanes))..]);
            d.CopyTo(sums[(done + (3 * lanes))..]);
        }

        for (; done < sums.Length; done += lanes)
        {
            var a = Vector<int>.Zero;
            for (var term = 0; term < patch.Length; term++)
            {
                a += new Vector<int>(patch[term]) * new Vector<int>(_weights, (term * sums.Length) + done);
            }

            a.CopyTo(sums[done..]);
        }
    }
}
