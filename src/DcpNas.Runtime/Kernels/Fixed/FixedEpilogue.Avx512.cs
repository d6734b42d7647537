using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DcpNas.Runtime.Kernels.Dense;

namespace DcpNas.Runtime.Kernels.Fixed;

/// <content>On AVX-512: pixel by pixel, the 64 channels of a block in two vectors, so that their bits make one word; absent channels are masked.</content>
internal sealed unsafe partial class FixedEpilogue
{
    private const int Lanes = 32;
    private const int Kinds = 8; // centre, limit, least, factor, multiplier, bias, slope, offset
    private const int SignParts = BitShape.BlockChannels + Lanes;

    private readonly AlignedBytes? _blocks; // short: [block]([kind][64], [sign][64 thresholds, flips as bits, unused]); absent channels are 0, with a threshold that nothing is below

    private int BlockParts => (Kinds * BitShape.BlockChannels) + (_parts.Signs.Length * SignParts);

    /// <inheritdoc/>
    public override void Tile(short* sums, int block, int blocks, in EpilogueRows rows, int firstPixel, int pixels, int width)
    {
        for (var index = 0; index < blocks; index++)
        {
            Block(sums + (index * BitShape.BlockChannels), blocks * BitShape.BlockChannels, block + index, in rows, firstPixel, pixels, width);
        }
    }

    private AlignedBytes Blocks()
    {
        var blocks = BitShape.BlocksOf(Channels);
        var bytes = new AlignedBytes(checked(blocks * BlockParts * sizeof(short)));
        var shorts = new Span<short>(bytes.Pointer, blocks * BlockParts);
        for (var block = 0; block < blocks; block++)
        {
            var first = block * BitShape.BlockChannels;
            var count = Math.Min(BitShape.BlockChannels, Channels - first);
            var own = shorts.Slice(block * BlockParts, BlockParts);
            short[]?[] lists = [_parts.Centre, _parts.Limit, _parts.Least, _parts.Factor, _parts.Multiplier, _parts.Bias, _parts.Slope, _parts.Offset];
            for (var kind = 0; kind < Kinds; kind++)
            {
                lists[kind]?.AsSpan(first, count).CopyTo(own[(kind * BitShape.BlockChannels)..]);
            }

            for (var sign = 0; sign < _parts.Signs.Length; sign++)
            {
                var levels = own.Slice((Kinds * BitShape.BlockChannels) + (sign * SignParts), SignParts);
                levels.Fill(short.MinValue);
                _parts.Signs[sign].Thresholds.AsSpan(first, count).CopyTo(levels);
                MemoryMarshal.Cast<short, ulong>(levels[BitShape.BlockChannels..])[0] = _parts.Signs[sign].Flips[block];
            }
        }

        return bytes;
    }

    private void Block(short* sums, int pitch, int block, in EpilogueRows rows, int firstPixel, int pixels, int width)
    {
        var channels = Channels - (block * BitShape.BlockChannels);
        if (channels > Lanes)
        {
            Block<TwoVectors>(channels - Lanes, sums, pitch, block, in rows, firstPixel, pixels, width);
        }
        else
        {
            Block<OneVector>(channels, sums, pitch, block, in rows, firstPixel, pixels, width);
        }
    }

    /// <summary>By how many channels the last vector has.</summary>
    private void Block<TVectors>(int last, short* sums, int pitch, int block, in EpilogueRows rows, int firstPixel, int pixels, int width)
        where TVectors : struct, IVectorCount
    {
        switch (last)
        {
            case >= Lanes:
                Block<TVectors, WholeTail>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
            case Lanes / 2:
                Block<TVectors, HalfTail>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
            case var even when even % 2 == 0:
                Block<TVectors, PairTail>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
            default:
                Block<TVectors, CutTail>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block<TVectors, TTail>(short* sums, int pitch, int block, in EpilogueRows rows, int firstPixel, int pixels, int width)
        where TVectors : struct, IVectorCount
        where TTail : struct, ITail
    {
        var (channels, first) = (Channels, block * BitShape.BlockChannels);
        var blocks = BitShape.BlocksOf(channels);
        var last = channels - first - ((TVectors.Count - 1) * Lanes); // channels of the last vector
        var mask = Vector512.LessThan(Vector512<short>.Indices, Vector512.Create((short)Math.Min(last, Lanes)));
        var parts = (short*)_blocks!.Pointer + ((long)block * BlockParts);
        var (hasCentre, hasLimit, hasSlope, hasOffset, signs) = (_parts.HasCentre, _parts.HasLimit, _parts.Slope is not null, _parts.Offset is not null, _parts.Signs.Length);
        var (limit0, limit1) = (Vector512.Load(parts + 64), Vector512.Load(parts + 96));
        var (least0, least1) = (Vector512.Load(parts + 128), Vector512.Load(parts + 160));
        var (factor0, factor1) = (Vector512.Load(parts + 192), Vector512.Load(parts + 224));
        var (multiplier0, multiplier1) = (Vector512.Load(parts + 256), Vector512.Load(parts + 288));
        var (bias0, bias1) = (Vector512.Load(parts + 320), Vector512.Load(parts + 352));
        var (slope0, slope1) = (Vector512.Load(parts + 384), Vector512.Load(parts + 416));
        var (slopesJoin, doublings) = (_parts.SlopesJoin, _parts.Doublings);
        var (dividesShortcut, dividesAddend) = (_parts.ShortcutDivisor != 0, _parts.AddendDivisor != 0);
        var (shortcutDivisor, addendDivisor) = (Vector512.Create(_parts.ShortcutDivisor), Vector512.Create(_parts.AddendDivisor));
        var shift = firstPixel * (long)channels;
        var addend = rows.Addend == null ? null : (short*)rows.Addend + shift + first;
        var output = rows.Output == null ? null : (short*)rows.Output + shift + first;
        var repeats = rows.ShortcutChannels;
        var shortcut = rows.Shortcut == null ? null : (short*)rows.Shortcut + ((long)firstPixel * repeats);
        var (from0, from1) = repeats == channels ? (first, first + Lanes) : repeats == 0 ? default : (first % repeats, (first + Lanes) % repeats);
        var (row, x) = (firstPixel / width, firstPixel % width);
        var word = (((long)row * blocks) + block) * width;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var value0 = TVectors.Count == 1 ? TTail.Load(sums, mask) : Vector512.Load(sums);
            var value1 = TVectors.Count < 2 ? default : TTail.Load(sums + Lanes, mask);
            sums += pitch;
            if (hasCentre)
            {
                value0 = Shorts512.Add(value0, Vector512.Load(parts));
                value1 = TVectors.Count > 1 ? Shorts512.Add(value1, Vector512.Load(parts + 32)) : default;
            }

            if (hasLimit)
            {
                value0 = Shorts512.Max(Shorts512.Min(value0, limit0), least0);
                value1 = TVectors.Count > 1 ? Shorts512.Max(Shorts512.Min(value1, limit1), least1) : default;
            }

            value0 = Shorts512.Add(Shorts512.MultiplyRound(Shorts512.Multiply(value0, factor0), multiplier0), bias0);
            value1 = TVectors.Count > 1 ? Shorts512.Add(Shorts512.MultiplyRound(Shorts512.Multiply(value1, factor1), multiplier1), bias1) : default;
            if (shortcut != null)
            {
                var term0 = TVectors.Count == 1 ? TTail.Load(shortcut + from0, mask) : Vector512.Load(shortcut + from0);
                var term1 = TVectors.Count < 2 ? default : TTail.Load(shortcut + from1, mask);
                if (dividesShortcut)
                {
                    term0 = Shorts512.MultiplyRound(term0, shortcutDivisor);
                    term1 = TVectors.Count > 1 ? Shorts512.MultiplyRound(term1, shortcutDivisor) : default;
                }

                value0 = Shorts512.Add(value0, term0);
                value1 = TVectors.Count > 1 ? Shorts512.Add(value1, term1) : default;
                shortcut += repeats;
            }

            if (hasSlope)
            {
                var below0 = Shorts512.MultiplyRound(value0, slope0);
                var below1 = TVectors.Count > 1 ? Shorts512.MultiplyRound(value1, slope1) : default;
                if (slopesJoin)
                {
                    value0 = Shorts512.Max(value0, below0);
                    value1 = TVectors.Count > 1 ? Shorts512.Max(value1, below1) : default;
                }
                else
                {
                    for (var doubling = 0; doubling < doublings; doubling++)
                    {
                        below0 = Shorts512.Add(below0, below0);
                        below1 = TVectors.Count > 1 ? Shorts512.Add(below1, below1) : default;
                    }

                    value0 = Shorts512.BelowZero(value0, below0);
                    value1 = TVectors.Count > 1 ? Shorts512.BelowZero(value1, below1) : default;
                }
            }

            if (hasOffset)
            {
                value0 = Shorts512.Add(value0, Vector512.Load(parts + 448));
                value1 = TVectors.Count > 1 ? Shorts512.Add(value1, Vector512.Load(parts + 480)) : default;
            }

            if (addend != null)
            {
                var term0 = TVectors.Count == 1 ? TTail.Load(addend, mask) : Vector512.Load(addend);
                var term1 = TVectors.Count < 2 ? default : TTail.Load(addend + Lanes, mask);
                if (dividesAddend)
                {
                    term0 = Shorts512.MultiplyRound(term0, addendDivisor);
                    term1 = TVectors.Count > 1 ? Shorts512.MultiplyRound(term1, addendDivisor) : default;
                }

                value0 = Shorts512.Add(value0, term0);
                value1 = TVectors.Count > 1 ? Shorts512.Add(value1, term1) : default;
                addend += channels;
            }

            if (output != null)
            {
                if (TVectors.Count > 1)
                {
                    value0.Store(output);
                    TTail.Store(value1, output + Lanes, mask);
                }
                else
                {
                    TTail.Store(value0, output, mask);
                }

                output += channels;
            }

            var threshold = parts + (Kinds * BitShape.BlockChannels);
            for (var sign = 0; sign < signs; sign++, threshold += SignParts)
            {
                var target = (ulong*)rows.Bits[sign];
                if (target != null)
                {
                    var bits = (ulong)Shorts512.LessThan(value0, Vector512.Load(threshold));
                    bits |= TVectors.Count > 1 ? (ulong)Shorts512.LessThan(value1, Vector512.Load(threshold + Lanes)) << Lanes : 0;
                    target[word + x] = bits ^ *(ulong*)(threshold + BitShape.BlockChannels);
                }
            }

            if (++x == width)
            {
                x = 0;
                word += (long)blocks * width;
            }
        }
    }

    /// <summary>How the last vector of a block reaches memory.</summary>
    private interface ITail
    {
        static abstract Vector512<short> Load(short* source, Vector512<short> mask);

        static abstract void Store(Vector512<short> value, short* target, Vector512<short> mask);
    }

    /// <summary>All 32 channels are there.</summary>
    private readonly struct WholeTail : ITail
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> Load(short* source, Vector512<short> mask) => Vector512.Load(source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<short> value, short* target, Vector512<short> mask) => value.Store(target);
    }

    /// <summary>The lower 16 channels are there.</summary>
    private readonly struct HalfTail : ITail
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> Load(short* source, Vector512<short> mask) => Vector256.Load(source).ToVector512();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<short> value, short* target, Vector512<short> mask) => value.GetLower().Store(target);
    }

    /// <summary>An even number of channels is there, as the mask says: masks of 32 bits are stored faster than those of 16.</summary>
    private readonly struct PairTail : ITail
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> Load(short* source, Vector512<short> mask) => Avx512F.MaskLoad((int*)source, mask.AsInt32(), Vector512<int>.Zero).AsInt16();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<short> value, short* target, Vector512<short> mask) => Avx512F.MaskStore((int*)target, mask.AsInt32(), value.AsInt32());
    }

    /// <summary>Some of the channels are there, as the mask says.</summary>
    private readonly struct CutTail : ITail
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> Load(short* source, Vector512<short> mask) => Avx512BW.MaskLoad(source, mask, Vector512<short>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<short> value, short* target, Vector512<short> mask) => Avx512BW.MaskStore(target, mask, value);
    }
}
