using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>Turns a float map <c>[y][x][channel]</c> into sign bits, each channel by its own <see cref="FloatRule"/>. The same bits on every instruction set.</summary>
internal sealed unsafe class FloatSigns
{
    private readonly SignRules _rules;

    /// <summary>Prepares the job.</summary>
    /// <param name="rules">One rule per channel.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    public FloatSigns(ReadOnlySpan<FloatRule> rules, InstructionSet? set = null)
    {
        Bounds.AtLeast(rules.Length, 1);
        (_rules, Channels, Set) = (new(rules), rules.Length, InstructionSets.Choose(set));
    }

    /// <summary>Channels of the map.</summary>
    public int Channels { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Writes the bits of some rows. Several threads may do so at once, each on its own rows.</summary>
    /// <param name="input">The rows as floats, <c>[rowCount][width][channel]</c>.</param>
    /// <param name="output">Receives the rows as words, <c>[rowCount][block][width]</c>.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Run(ReadOnlySpan<float> input, Span<ulong> output, int rowCount, int width)
    {
        var blocks = _rules.Flips.Length;
        Bounds.AtLeast(input.Length, (long)rowCount * width * Channels);
        Bounds.AtLeast(output.Length, (long)rowCount * width * blocks);
        if (Set == InstructionSet.Avx512)
        {
            fixed (float* source = input, thresholds = _rules.Thresholds)
            fixed (ulong* words = output, flips = _rules.Flips)
            {
                Avx512(source, thresholds, flips, words, rowCount, width, Channels);
            }

            return;
        }

        output[..(rowCount * width * blocks)].Clear();
        fixed (float* source = input, thresholds = _rules.Thresholds)
        fixed (ulong* words = output, flips = _rules.Flips)
        {
            for (var row = 0; row < rowCount; row++)
            {
                ChannelLoop.Run(Set, Channels, new Step(source + ((long)row * width * Channels), thresholds, flips, words + ((long)row * width * blocks), width, Channels));
            }
        }
    }

    /// <summary>Pixel by pixel: four comparisons make one word. Absent channels are masked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512(float* input, float* thresholds, ulong* flips, ulong* output, int rowCount, int width, int channels)
    {
        var whole = channels / BitShape.BlockChannels;
        var blocks = BitShape.BlocksOf(channels);
        var rest = channels - (whole * BitShape.BlockChannels);
        for (var row = 0; row < rowCount; row++, output += (long)blocks * width)
        {
            for (var block = 0; block < whole; block++)
            {
                var source = input + (block * BitShape.BlockChannels);
                var levels = thresholds + (block * BitShape.BlockChannels);
                var words = output + ((long)block * width);
                var flip = flips[block];
                var (level0, level1, level2, level3) = (Vector512.Load(levels), Vector512.Load(levels + 16), Vector512.Load(levels + 32), Vector512.Load(levels + 48));
                for (var x = 0; x < width; x++, source += channels)
                {
                    words[x] = (Lanes512.LessThan(Vector512.Load(source), level0) | ((ulong)Lanes512.LessThan(Vector512.Load(source + 16), level1) << 16)
                        | ((ulong)Lanes512.LessThan(Vector512.Load(source + 32), level2) << 32) | ((ulong)Lanes512.LessThan(Vector512.Load(source + 48), level3) << 48)) ^ flip;
                }
            }

            if (rest > 0)
            {
                Rest(input + (whole * BitShape.BlockChannels), thresholds + (whole * BitShape.BlockChannels), flips[whole], output + ((long)whole * width), width, channels, rest);
            }

            input += (long)width * channels;
        }
    }

    private static void Rest(float* input, float* thresholds, ulong flip, ulong* words, int width, int channels, int rest)
    {
        new Span<ulong>(words, width).Fill(flip);
        for (var first = 0; first < rest; first += Lanes512.Count)
        {
            var mask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(rest - first)).AsSingle();
            var level = Avx512F.MaskLoad(thresholds + first, mask, Vector512.Create(float.NegativeInfinity));
            var source = input + first;
            if (rest - first >= Lanes512.Count)
            {
                for (var x = 0; x < width; x++, source += channels)
                {
                    words[x] ^= (ulong)Lanes512.LessThan(Vector512.Load(source), level) << first;
                }

                continue;
            }

            for (var x = 0; x < width; x++, source += channels)
            {
                words[x] ^= (ulong)Lanes512.LessThan(Avx512F.MaskLoad(source, mask, Vector512<float>.Zero), level) << first;
            }
        }
    }

    private readonly struct Step(float* input, float* thresholds, ulong* flips, ulong* output, int width, int channels) : IChannelStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var block = channel / BitShape.BlockChannels;
            var shift = channel % BitShape.BlockChannels;
            var flip = (flips[block] >> shift) & (ulong.MaxValue >> (BitShape.BlockChannels - TLanes.Count));
            var threshold = TLanes.Load(thresholds + channel);
            var words = output + ((long)block * width);
            var values = input + channel;
            for (var x = 0; x < width; x++, values += channels)
            {
                words[x] |= (TLanes.LessThan(TLanes.Load(values), threshold) ^ flip) << shift;
            }
        }
    }
}
