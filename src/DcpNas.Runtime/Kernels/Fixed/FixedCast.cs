using System.Numerics;
using System.Runtime.InteropServices;

namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Between floats and fixed-point numbers.</summary>
internal static class FixedCast
{
    /// <summary>Rounds floats: <c>x * 2^exponent</c>, to the nearest, ties to even, at most ±(2^15 - 1); NaN gives the lowest.</summary>
    /// <param name="input">The floats.</param>
    /// <param name="output">As many.</param>
    /// <param name="exponent">Of the output.</param>
    public static void ToFixed(ReadOnlySpan<float> input, Span<short> output, int exponent)
    {
        Bounds.AtLeast(input.Length, output.Length);
        var scale = (float)FixedNumber.Scale(exponent);
        var floats = MemoryMarshal.Cast<float, Vector<float>>(input[..output.Length]);
        var shorts = MemoryMarshal.Cast<short, Vector<short>>(output);
        var (scales, least, most) = (new Vector<float>(scale), new Vector<float>(-FixedNumber.Largest), new Vector<float>(FixedNumber.Largest));
        for (var i = 0; i < shorts.Length; i++)
        {
            shorts[i] = Vector.Narrow(Round(floats[2 * i]), Round(floats[(2 * i) + 1]));
        }

        for (var i = shorts.Length * Vector<short>.Count; i < output.Length; i++)
        {
            var value = input[i] * scale;
            value = value > -FixedNumber.Largest ? value : -FixedNumber.Largest;
            output[i] = (short)MathF.Round(value < FixedNumber.Largest ? value : FixedNumber.Largest);
        }

        Vector<int> Round(Vector<float> values)
        {
            values *= scales;
            values = Vector.ConditionalSelect(Vector.GreaterThan(values, least), values, least);
            values = Vector.ConditionalSelect(Vector.LessThan(values, most), values, most);
            return Vector.ConvertToInt32(Vector.Round(values));
        }
    }

    /// <summary>Makes floats of fixed-point numbers, exactly.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="output">As many floats.</param>
    /// <param name="exponent">Of the input.</param>
    public static void ToFloat(ReadOnlySpan<short> input, Span<float> output, int exponent)
    {
        Bounds.AtLeast(input.Length, output.Length);
        var scale = (float)FixedNumber.Scale(-exponent);
        var shorts = MemoryMarshal.Cast<short, Vector<short>>(input[..output.Length]);
        var floats = MemoryMarshal.Cast<float, Vector<float>>(output);
        for (var i = 0; i < shorts.Length; i++)
        {
            Vector.Widen(shorts[i], out var low, out var high);
            floats[2 * i] = Vector.ConvertToSingle(low) * scale;
            floats[(2 * i) + 1] = Vector.ConvertToSingle(high) * scale;
        }

        for (var i = shorts.Length * Vector<short>.Count; i < output.Length; i++)
        {
            output[i] = input[i] * scale;
        }
    }

    /// <summary>The mean of each channel over all pixels: an exact sum, divided in binary64, rounded to binary32 once.</summary>
    /// <param name="input">The map, <c>[pixel][channel]</c>.</param>
    /// <param name="output">One mean per channel.</param>
    /// <param name="pixels">Pixels, at least 1.</param>
    /// <param name="exponent">Of the input.</param>
    public static void Mean(ReadOnlySpan<short> input, Span<float> output, int pixels, int exponent)
    {
        Bounds.AtLeast(pixels, 1);
        Bounds.AtLeast(input.Length, (long)pixels * output.Length);
        var (channels, divisor) = (output.Length, pixels * FixedNumber.Scale(exponent));
        var channel = 0;
        if (pixels < 1 << 16)
        {
            for (; channel + Vector<short>.Count <= channels; channel += Vector<short>.Count)
            {
                var (low, high) = (Vector<int>.Zero, Vector<int>.Zero);
                for (var pixel = 0; pixel < pixels; pixel++)
                {
                    Vector.Widen(new Vector<short>(input.Slice((pixel * channels) + channel, Vector<short>.Count)), out var first, out var second);
                    (low, high) = (low + first, high + second);
                }

                for (var lane = 0; lane < Vector<int>.Count; lane++)
                {
                    output[channel + lane] = (float)(low[lane] / divisor);
                    output[channel + Vector<int>.Count + lane] = (float)(high[lane] / divisor);
                }
            }
        }

        for (; channel < channels; channel++)
        {
            var sum = 0L;
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                sum += input[(pixel * channels) + channel];
            }

            output[channel] = (float)(sum / divisor);
        }
    }
}
