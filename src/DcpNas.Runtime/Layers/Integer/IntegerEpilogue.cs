using System.Numerics;
using System.Runtime.CompilerServices;
using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>What an <see cref="IntegerAffine"/> does with numbers, <c>[pixel][channel]</c>.</summary>
/// <remarks>
/// Vectors run over pixels and channels alike: the parameters are repeated until they fill whole vectors, so that no number of channels leaves a remainder but at the very end.
/// </remarks>
internal sealed unsafe class IntegerEpilogue : SumEpilogue
{
    private const int MostPixels = 64; // of a piece of a tile
    private readonly int[] _multipliers;
    private readonly int[] _biases;
    private readonly int[] _slopes; // empty where there are none
    private readonly int[] _offsets; // likewise
    private readonly int _shift;
    private readonly int _slopeShift;
    private readonly int _slopeHalf;
    private readonly int _termShift;
    private readonly bool _vectors;

    /// <summary>Prepares the job.</summary>
    /// <param name="integers">Its numbers.</param>
    /// <param name="termShift">By how much the exponent of the shortcut is above that of the result.</param>
    /// <param name="set">The instructions to use.</param>
    public IntegerEpilogue(IntegerAffine integers, int termShift, InstructionSet set)
    {
        Channels = integers.Multiplier.Length;
        var repeats = Vector<short>.Count / (int)BigInteger.GreatestCommonDivisor(Channels, Vector<short>.Count);
        _multipliers = Repeated(integers.Multiplier.Span, repeats);
        _biases = Repeated(integers.Bias.Span, repeats);
        _slopes = Repeated((integers.Slope ?? default).Span, repeats);
        _offsets = Repeated((integers.Offset ?? default).Span, repeats);
        (_shift, _slopeShift, _termShift) = (integers.RightShift, integers.SlopeShift ?? 0, Math.Min(termShift, 15));
        _slopeHalf = _slopeShift == 0 ? 0 : 1 << (_slopeShift - 1);
        _vectors = set != InstructionSet.Scalar;
    }

    /// <inheritdoc/>
    public override int Channels { get; }

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<short> sums, in EpilogueRows rows, int rowCount, int width)
    {
        var length = rowCount * width * Channels;
        Run(sums[..length], Of(rows.Shortcut, 0, length), Of(rows.Output, 0, length));
    }

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<int> sums, in EpilogueRows rows, int rowCount, int width)
    {
        var length = rowCount * width * Channels;
        Run(sums[..length], Of(rows.Shortcut, 0, length), Of(rows.Output, 0, length));
    }

    /// <inheritdoc/>
    public override void Tile(short* sums, int block, int blocks, in EpilogueRows rows, int firstPixel, int pixels, int width)
    {
        if (Channels < BitShape.BlockChannels)
        {
            NarrowTile(sums, in rows, firstPixel, pixels);
            return;
        }

        for (var pixel = 0; pixel < pixels; pixel++)
        {
            for (var index = block; index < block + blocks; index++, sums += BitShape.BlockChannels)
            {
                var first = index * BitShape.BlockChannels;
                var count = Math.Min(BitShape.BlockChannels, Channels - first);
                var at = ((long)(firstPixel + pixel) * Channels) + first;
                Run(new ReadOnlySpan<short>(sums, count), Of(rows.Shortcut, at, count), Of(rows.Output, at, count), first);
            }
        }
    }

    /// <summary>Of few channels: their pixels lie one behind the other once the absent channels are gone.</summary>
    private void NarrowTile(short* sums, in EpilogueRows rows, int firstPixel, int pixels)
    {
        Span<short> dense = stackalloc short[MostPixels * BitShape.BlockChannels];
        for (var start = 0; start < pixels; start += MostPixels)
        {
            var count = Math.Min(MostPixels, pixels - start);
            for (var pixel = 0; pixel < count; pixel++)
            {
                new ReadOnlySpan<short>(sums + ((start + pixel) * BitShape.BlockChannels), Channels).CopyTo(dense[(pixel * Channels)..]);
            }

            var (at, length) = ((long)(firstPixel + start) * Channels, count * Channels);
            Run(dense[..length], Of(rows.Shortcut, at, length), Of(rows.Output, at, length));
        }
    }

    private static Span<short> Of(void* numbers, long at, int length) => numbers == null ? default : new Span<short>((short*)numbers + at, length);

    /// <summary>Runs on 16-bit numbers.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="shortcut">As many, or none.</param>
    /// <param name="output">As many.</param>
    /// <param name="first">The channel of the first number; where it is not 0 there is a part of one pixel.</param>
    public void Run(ReadOnlySpan<short> input, ReadOnlySpan<short> shortcut, Span<short> output, int first = 0)
    {
        var done = 0;
        if (_vectors)
        {
            var place = first;
            for (; done <= output.Length - Vector<short>.Count; done += Vector<short>.Count)
            {
                Vector.Widen(new Vector<short>(input[done..]), out var low, out var high);
                Finish(low, high, shortcut, output, done, place);
                place = Next(place);
            }
        }

        for (var i = done; i < output.Length; i++)
        {
            output[i] = Finish(input[i], shortcut.IsEmpty ? (short)0 : shortcut[i], (first + i) % Channels);
        }
    }

    /// <summary>Runs on 32-bit sums.</summary>
    /// <param name="input">The sums.</param>
    /// <param name="shortcut">As many, or none.</param>
    /// <param name="output">As many.</param>
    public void Run(ReadOnlySpan<int> input, ReadOnlySpan<short> shortcut, Span<short> output)
    {
        var done = 0;
        if (_vectors)
        {
            var place = 0;
            for (; done <= output.Length - Vector<short>.Count; done += Vector<short>.Count)
            {
                Finish(new Vector<int>(input[done..]), new Vector<int>(input[(done + Vector<int>.Count)..]), shortcut, output, done, place);
                place = Next(place);
            }
        }

        for (var i = done; i < output.Length; i++)
        {
            output[i] = Finish(input[i], shortcut.IsEmpty ? (short)0 : shortcut[i], i % Channels);
        }
    }

    private static int[] Repeated<T>(ReadOnlySpan<T> values, int repeats)
        where T : struct, INumber<T>
    {
        var all = new int[values.Length * repeats];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = int.CreateChecked(values[i % values.Length]);
        }

        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Next(int place) => place + Vector<short>.Count == _multipliers.Length ? 0 : place + Vector<short>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(Vector<int> low, Vector<int> high, ReadOnlySpan<short> shortcut, Span<short> output, int at, int place)
    {
        var (termLow, termHigh) = (Vector<int>.Zero, Vector<int>.Zero);
        if (!shortcut.IsEmpty)
        {
            Vector.Widen(new Vector<short>(shortcut[at..]), out termLow, out termHigh);
        }

        Vector.Narrow(Finish(low, termLow, place), Finish(high, termHigh, place + Vector<int>.Count)).CopyTo(output[at..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<int> Finish(Vector<int> numbers, Vector<int> terms, int place)
    {
        var values = ((numbers * new Vector<int>(_multipliers, place)) + new Vector<int>(_biases, place)) >> _shift;
        values = Number16.Saturate(values + (_termShift == 0 ? terms : (terms + new Vector<int>(1 << (_termShift - 1))) >> _termShift));
        if (_slopes.Length > 0)
        {
            var steep = ((values * new Vector<int>(_slopes, place)) + new Vector<int>(_slopeHalf)) >> _slopeShift;
            values = Vector.ConditionalSelect(Vector.LessThan(values, Vector<int>.Zero), steep, values);
        }

        return Number16.Saturate(_offsets.Length > 0 ? values + new Vector<int>(_offsets, place) : values);
    }

    private short Finish(int number, short term, int channel)
    {
        var value = ((number * _multipliers[channel]) + _biases[channel]) >> _shift;
        value = Number16.Saturate(value + Number16.Divide(term, _termShift));
        if (_slopes.Length > 0 && value < 0)
        {
            value = ((value * _slopes[channel]) + _slopeHalf) >> _slopeShift;
        }

        return Number16.Saturate(value + (_offsets.Length > 0 ? _offsets[channel] : 0));
    }
}
