namespace DcpNas.Runtime.Layers.Integer;

/// <summary>What an <see cref="IntegerAffine"/> does with numbers, <c>[pixel][channel]</c>.</summary>
/// <param name="integers">Its numbers.</param>
/// <param name="termShift">By how much the exponent of the shortcut is above that of the result.</param>
internal sealed class IntegerEpilogue(IntegerAffine integers, int termShift)
{
    private readonly int _slopeHalf = integers.SlopeShift is > 0 and var shift ? 1 << (shift - 1) : 0;

    /// <summary>Runs on 16-bit numbers.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="shortcut">As many, or none.</param>
    /// <param name="output">As many.</param>
    public void Run(ReadOnlySpan<short> input, ReadOnlySpan<short> shortcut, Span<short> output)
    {
        var channels = integers.Multiplier.Length;
        for (var start = 0; start < output.Length; start += channels)
        {
            var term = shortcut.IsEmpty ? default : shortcut.Slice(start, channels);
            for (var channel = 0; channel < channels; channel++)
            {
                output[start + channel] = Finish(input[start + channel], term, channel);
            }
        }
    }

    /// <summary>Runs on 32-bit sums.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{short}, ReadOnlySpan{short}, Span{short})"/>
    public void Run(ReadOnlySpan<int> input, ReadOnlySpan<short> shortcut, Span<short> output)
    {
        var channels = integers.Multiplier.Length;
        for (var start = 0; start < output.Length; start += channels)
        {
            var term = shortcut.IsEmpty ? default : shortcut.Slice(start, channels);
            for (var channel = 0; channel < channels; channel++)
            {
                output[start + channel] = Finish(input[start + channel], term, channel);
            }
        }
    }

    private short Finish(int number, ReadOnlySpan<short> term, int channel)
    {
        var value = ((number * integers.Multiplier.Span[channel]) + integers.Bias.Span[channel]) >> integers.RightShift;
        value += term.IsEmpty ? 0 : Number16.Divide(term[channel], termShift);
        value = Number16.Saturate(value);
        if (integers.Slope is { } slope && value < 0)
        {
            value = ((value * slope.Span[channel]) + _slopeHalf) >> integers.SlopeShift!.Value;
        }

        return Number16.Saturate(value + (integers.Offset is { } offset ? offset.Span[channel] : 0));
    }
}
