namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Turns a map of fixed-point numbers <c>[y][x][channel]</c> into sign bits. The same bits on every instruction set.</summary>
internal sealed unsafe class FixedSigns
{
    private readonly FixedRules _rules;

    /// <summary>Prepares the job.</summary>
    /// <param name="rules">One rule per channel, for reals.</param>
    /// <param name="exponent">Of the map.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    public FixedSigns(ReadOnlySpan<FloatRule> rules, int exponent, InstructionSet? set = null)
    {
        Bounds.AtLeast(rules.Length, 1);
        (_rules, Channels, Set) = (new(rules, exponent), rules.Length, InstructionSets.Choose(set));
    }

    /// <summary>Channels of the map.</summary>
    public int Channels { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Writes the bits of some rows. Several threads may do so at once, each on its own rows.</summary>
    /// <param name="input">The rows, <c>[rowCount][width][channel]</c>.</param>
    /// <param name="output">Receives the rows as words, <c>[rowCount][block][width]</c>.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Run(ReadOnlySpan<short> input, Span<ulong> output, int rowCount, int width)
    {
        var words = width * _rules.Flips.Length;
        Bounds.AtLeast(input.Length, (long)rowCount * width * Channels);
        Bounds.AtLeast(output.Length, (long)rowCount * words);
        output[..(rowCount * words)].Clear();
        fixed (short* source = input, thresholds = _rules.Thresholds)
        fixed (ulong* target = output, flips = _rules.Flips)
        {
            for (var row = 0; row < rowCount; row++)
            {
                ShortLoop.Run(Set, Channels, new Step(source + ((long)row * width * Channels), thresholds, flips, target + ((long)row * words), width, Channels));
            }
        }
    }

    private readonly struct Step(short* input, short* thresholds, ulong* flips, ulong* output, int width, int channels) : IShortStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            var levels = TLanes.Load(thresholds + channel);
            var mark = new FixedMark(output + ((long)(channel / BitShape.BlockChannels) * width), flips[channel / BitShape.BlockChannels], channel, TLanes.Count);
            var source = input + channel;
            for (var x = 0; x < width; x++, source += channels)
            {
                mark.Add<TLanes, T>(TLanes.Load(source), levels, x);
            }
        }
    }
}
