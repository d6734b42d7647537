using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DcpNas.Runtime.Kernels.Dense;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <content>On AVX-512: pixel by pixel, the 64 channels of a block in four vectors, so that their bits make one word; absent channels are masked.</content>
internal sealed unsafe partial class Epilogue
{
    private const int Lanes = 16;
    private const int Kinds = 4; // scale, bias, slope, offset

    private readonly AlignedBytes? _parts; // float: [block]([scale, bias, slope, offset][64], [sign][64 thresholds, flips as bits, unused]); absent channels have scale 0 and a threshold that nothing is below

    private const int SignParts = BitShape.BlockChannels + Lanes;

    private int BlockParts => (Kinds * BitShape.BlockChannels) + (_signs.Length * SignParts);

    /// <inheritdoc/>
    public override void Tile(short* sums, int block, int blocks, in EpilogueRows rows, int firstPixel, int pixels, int width)
    {
        for (var index = 0; index < blocks; index++)
        {
            Block<short, ShortSource>(sums + (index * BitShape.BlockChannels), blocks * BitShape.BlockChannels, block + index, in rows, firstPixel, pixels, width);
        }
    }

    private AlignedBytes Parts()
    {
        var blocks = BitShape.BlocksOf(Channels);
        var parts = new AlignedBytes(checked(blocks * BlockParts * sizeof(float)));
        var floats = new Span<float>(parts.Pointer, blocks * BlockParts);
        for (var block = 0; block < blocks; block++)
        {
            var first = block * BitShape.BlockChannels;
            var count = Math.Min(BitShape.BlockChannels, Channels - first);
            var own = floats.Slice(block * BlockParts, BlockParts);
            float[]?[] lists = [_scale, _bias, _slope, _offset];
            for (var kind = 0; kind < Kinds; kind++)
            {
                lists[kind]?.AsSpan(first, count).CopyTo(own[(kind * BitShape.BlockChannels)..]);
            }

            for (var sign = 0; sign < _signs.Length; sign++)
            {
                var levels = own.Slice((Kinds * BitShape.BlockChannels) + (sign * SignParts), SignParts);
                levels.Fill(float.NegativeInfinity);
                _signs[sign].Thresholds.AsSpan(first, count).CopyTo(levels);
                MemoryMarshal.Cast<float, ulong>(levels[BitShape.BlockChannels..])[0] = _signs[sign].Flips[block];
            }
        }

        return parts;
    }

    private void Block<TSum, TSource>(TSum* sums, int pitch, int block, in EpilogueRows rows, int firstPixel, int pixels, int width)
        where TSum : unmanaged
        where TSource : struct, ISource<TSum>
    {
        switch ((Math.Min(BitShape.BlockChannels, Channels - (block * BitShape.BlockChannels)) + Lanes - 1) / Lanes)
        {
            case 1:
                Block<TSum, TSource, OneVector>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
            case 2:
                Block<TSum, TSource, TwoVectors>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
            case 3:
                Block<TSum, TSource, ThreeVectors>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
            default:
                Block<TSum, TSource, FourVectors>(sums, pitch, block, in rows, firstPixel, pixels, width);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block<TSum, TSource, TVectors>(TSum* sums, int pitch, int block, in EpilogueRows rows, int firstPixel, int pixels, int width)
        where TSum : unmanaged
        where TSource : struct, ISource<TSum>
        where TVectors : struct, IVectorCount
    {
        var (channels, first) = (Channels, block * BitShape.BlockChannels);
        var blocks = BitShape.BlocksOf(channels);
        var last = first + ((TVectors.Count - 1) * Lanes); // of the vector that may be cut
        var isCut = channels - last < Lanes;
        var mask = isCut ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(channels - last)).AsSingle() : Vector512<float>.AllBitsSet;
        var parts = (float*)_parts!.Pointer + ((long)block * BlockParts);
        var (hasSlope, hasOffset, signs) = (_slope is not null, _offset is not null, _signs.Length);
        var scale0 = Vector512.Load(parts);
        var scale1 = Vector512.Load(parts + 16);
        var scale2 = Vector512.Load(parts + 32);
        var scale3 = Vector512.Load(parts + 48);
        var bias0 = Vector512.Load(parts + 64);
        var bias1 = Vector512.Load(parts + 80);
        var bias2 = Vector512.Load(parts + 96);
        var bias3 = Vector512.Load(parts + 112);
        var slope0 = Vector512.Load(parts + 128);
        var slope1 = Vector512.Load(parts + 144);
        var slope2 = Vector512.Load(parts + 160);
        var slope3 = Vector512.Load(parts + 176);
        var shift = firstPixel * (long)channels;
        var addend = rows.Addend == null ? null : (float*)rows.Addend + shift + first;
        var output = rows.Output == null ? null : (float*)rows.Output + shift + first;
        var repeats = rows.ShortcutChannels;
        var shortcut = rows.Shortcut == null ? null : (float*)rows.Shortcut + ((long)firstPixel * repeats);
        var (from0, from1, from2, from3) = repeats == channels
            ? (first, first + 16, first + 32, first + 48)
            : repeats == 0 ? default : (first % repeats, (first + 16) % repeats, (first + 32) % repeats, (first + 48) % repeats);
        var (row, x) = (firstPixel / width, firstPixel % width);
        var word = (((long)row * blocks) + block) * width;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var value0 = TVectors.Count == 1 && isCut ? TSource.Masked(sums, mask) : TSource.Load<Lanes512, Vector512<float>>(sums);
            var value1 = TVectors.Count < 2 ? default : TVectors.Count == 2 && isCut ? TSource.Masked(sums + 16, mask) : TSource.Load<Lanes512, Vector512<float>>(sums + 16);
            var value2 = TVectors.Count < 3 ? default : TVectors.Count == 3 && isCut ? TSource.Masked(sums + 32, mask) : TSource.Load<Lanes512, Vector512<float>>(sums + 32);
            var value3 = TVectors.Count < 4 ? default : isCut ? TSource.Masked(sums + 48, mask) : TSource.Load<Lanes512, Vector512<float>>(sums + 48);
            sums += pitch;
            value0 = (value0 * scale0) + bias0;
            value1 = TVectors.Count > 1 ? (value1 * scale1) + bias1 : default;
            value2 = TVectors.Count > 2 ? (value2 * scale2) + bias2 : default;
            value3 = TVectors.Count > 3 ? (value3 * scale3) + bias3 : default;
            if (shortcut != null)
            {
                value0 += TVectors.Count == 1 && isCut ? Cut(shortcut + from0, mask) : Vector512.Load(shortcut + from0);
                value1 += TVectors.Count < 2 ? default : TVectors.Count == 2 && isCut ? Cut(shortcut + from1, mask) : Vector512.Load(shortcut + from1);
                value2 += TVectors.Count < 3 ? default : TVectors.Count == 3 && isCut ? Cut(shortcut + from2, mask) : Vector512.Load(shortcut + from2);
                value3 += TVectors.Count < 4 ? default : isCut ? Cut(shortcut + from3, mask) : Vector512.Load(shortcut + from3);
                shortcut += repeats;
            }

            if (hasSlope)
            {
                value0 = Lanes512.Prelu(value0, slope0);
                value1 = TVectors.Count > 1 ? Lanes512.Prelu(value1, slope1) : default;
                value2 = TVectors.Count > 2 ? Lanes512.Prelu(value2, slope2) : default;
                value3 = TVectors.Count > 3 ? Lanes512.Prelu(value3, slope3) : default;
            }

            if (hasOffset)
            {
                value0 += Vector512.Load(parts + 192);
                value1 += TVectors.Count > 1 ? Vector512.Load(parts + 208) : default;
                value2 += TVectors.Count > 2 ? Vector512.Load(parts + 224) : default;
                value3 += TVectors.Count > 3 ? Vector512.Load(parts + 240) : default;
            }

            if (addend != null)
            {
                value0 += TVectors.Count == 1 && isCut ? Cut(addend, mask) : Vector512.Load(addend);
                value1 += TVectors.Count < 2 ? default : TVectors.Count == 2 && isCut ? Cut(addend + 16, mask) : Vector512.Load(addend + 16);
                value2 += TVectors.Count < 3 ? default : TVectors.Count == 3 && isCut ? Cut(addend + 32, mask) : Vector512.Load(addend + 32);
                value3 += TVectors.Count < 4 ? default : isCut ? Cut(addend + 48, mask) : Vector512.Load(addend + 48);
                addend += channels;
            }

            if (output != null)
            {
                Write(value0, output, TVectors.Count == 1 && isCut, mask);
                if (TVectors.Count > 1)
                {
                    Write(value1, output + 16, TVectors.Count == 2 && isCut, mask);
                }

                if (TVectors.Count > 2)
                {
                    Write(value2, output + 32, TVectors.Count == 3 && isCut, mask);
                }

                if (TVectors.Count > 3)
                {
                    Write(value3, output + 48, isCut, mask);
                }

                output += channels;
            }

            var threshold = parts + (Kinds * BitShape.BlockChannels);
            for (var sign = 0; sign < signs; sign++, threshold += SignParts)
            {
                var target = (ulong*)rows.Bits[sign];
                if (target != null)
                {
                    var bits = (ulong)Lanes512.LessThan(value0, Vector512.Load(threshold));
                    bits |= TVectors.Count > 1 ? (ulong)Lanes512.LessThan(value1, Vector512.Load(threshold + 16)) << 16 : 0;
                    bits |= TVectors.Count > 2 ? (ulong)Lanes512.LessThan(value2, Vector512.Load(threshold + 32)) << 32 : 0;
                    bits |= TVectors.Count > 3 ? (ulong)Lanes512.LessThan(value3, Vector512.Load(threshold + 48)) << 48 : 0;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Cut(float* source, Vector512<float> mask) => Avx512F.MaskLoad(source, mask, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector512<float> value, float* target, bool isCut, Vector512<float> mask)
    {
        if (isCut)
        {
            Avx512F.MaskStore(target, mask, value);
        }
        else
        {
            value.Store(target);
        }
    }
}
