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
