namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>What an <see cref="Epilogue"/> does, on 16-bit fixed-point numbers: scale and bias, shortcut, PReLU, shift, the sum of a node, and the signs of the result.</summary>
/// <remarks>
/// <para>All that is computed has the exponent of the result, and every sum saturates. <c>v = ScaleRule(sum); v = v + shortcut; v = v &lt; 0 ? MultiplyRound(v, slope), doubled
/// <see cref="FixedEpilogueParts.Doublings"/> times : v; v = v + offset; v = v + addend</c>. Every instruction set gives the same numbers and bits.</para>
/// </remarks>
internal sealed unsafe partial class FixedEpilogue : SumEpilogue
{
    /// <summary>A shortcut that repeats has a multiple of so many channels.</summary>
    public const int RepetitionUnit = 32;

    private readonly FixedEpilogueParts _parts;

    /// <summary>Prepares the job.</summary>
    /// <param name="parts">What it computes.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    public FixedEpilogue(FixedEpilogueParts parts, InstructionSet? set = null)
    {
        _parts = parts;
        Set = InstructionSets.Choose(set);
        _blocks = Set == InstructionSet.Avx512 ? Blocks() : null;
    }

    /// <inheritdoc/>
    public override int Channels => _parts.Channels;

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Runs on sums or on fixed-point numbers.</summary>
    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<short> sums, in EpilogueRows rows, int rowCount, int width)
    {
        Bounds.AtLeast(sums.Length, (long)rowCount * width * Channels);
        fixed (short* source = sums)
        {
            Rows(source, in rows, rowCount, width);
        }
    }

    /// <summary>Not for 32-bit sums: whoever plans a network leaves those to floats.</summary>
    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<int> sums, in EpilogueRows rows, int rowCount, int width) =>
        throw new InvalidOperationException("Bug in DcpNas: fixed-point numbers are made of 16-bit sums.");

    private void Rows(short* sums, in EpilogueRows rows, int rowCount, int width)
    {
        var blocks = BitShape.BlocksOf(Channels);
        if (Set == InstructionSet.Avx512)
        {
            for (var block = 0; block < blocks; block++)
            {
                Block(sums + (block * BitShape.BlockChannels), Channels, block, in rows, 0, rowCount * width, width);
            }

            GC.KeepAlive(this);
            return;
        }

        for (var sign = 0; sign < _parts.Signs.Length; sign++)
        {
            if (rows.Bits[sign] != 0)
            {
                new Span<ulong>((void*)rows.Bits[sign], rowCount * width * blocks).Clear();
            }
        }

        for (var row = 0; row < rowCount; row++)
        {
            ShortLoop.Run(Set, Channels, new Step { Parts = _parts, Sums = sums + ((long)row * width * Channels), Rows = rows, Row = row, Width = width });
        }
    }

    private readonly ref struct Step : IShortStep
    {
        public required FixedEpilogueParts Parts { get; init; }

        public required short* Sums { get; init; }

        public required EpilogueRows Rows { get; init; }

        public required int Row { get; init; }

        public required int Width { get; init; }

        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            var parts = Parts;
            var (channels, first) = (parts.Channels, (long)Row * Width);
            var (centre, limit, factor) = (Load<TLanes, T>(parts.Centre, channel), Load<TLanes, T>(parts.Limit, channel), Load<TLanes, T>(parts.Factor, channel));
            var (least, multiplier, bias) = (Load<TLanes, T>(parts.Least, channel), Load<TLanes, T>(parts.Multiplier, channel), Load<TLanes, T>(parts.Bias, channel));
            var (slope, offset) = (Load<TLanes, T>(parts.Slope, channel), Load<TLanes, T>(parts.Offset, channel));
            var (shortcutShift, addendShift) = (TLanes.Create(parts.ShortcutDivisor), TLanes.Create(parts.AddendDivisor));
            var shortcut = Rows.Shortcut == null ? null : (short*)Rows.Shortcut + (first * Rows.ShortcutChannels) + (channel % Rows.ShortcutChannels);
            var addend = Rows.Addend == null ? null : (short*)Rows.Addend + (first * channels) + channel;
            var output = Rows.Output == null ? null : (short*)Rows.Output + (first * channels) + channel;
            var sums = Sums + channel;
            var mark0 = MarkOf<TLanes, T>(0, channel, out var level0);
            var mark1 = MarkOf<TLanes, T>(1, channel, out var level1);
            var mark2 = MarkOf<TLanes, T>(2, channel, out var level2);
            var mark3 = MarkOf<TLanes, T>(3, channel, out var level3);
            for (var x = 0; x < Width; x++)
            {
                var at = (long)x * channels;
                var value = TLanes.Load(sums + at);
                value = parts.HasCentre ? TLanes.Add(value, centre) : value;
                value = parts.HasLimit ? TLanes.Max(TLanes.Min(value, limit), least) : value;
                value = TLanes.Add(TLanes.MultiplyRound(TLanes.Multiply(value, factor), multiplier), bias);
                if (shortcut != null)
                {
                    var term = TLanes.Load(shortcut + ((long)x * Rows.ShortcutChannels));
                    value = TLanes.Add(value, parts.ShortcutDivisor == 0 ? term : TLanes.MultiplyRound(term, shortcutShift));
                }

                if (parts.Slope is not null)
                {
                    var below = TLanes.MultiplyRound(value, slope);
                    for (var doubling = 0; doubling < parts.Doublings; doubling++)
                    {
                        below = TLanes.Add(below, below);
                    }

                    value = TLanes.BelowZero(value, below);
                }

                value = parts.Offset is null ? value : TLanes.Add(value, offset);
                if (addend != null)
                {
                    var term = TLanes.Load(addend + at);
                    value = TLanes.Add(value, parts.AddendDivisor == 0 ? term : TLanes.MultiplyRound(term, addendShift));
                }

                if (output != null)
                {
                    TLanes.Store(value, output + at);
                }

                Add<TLanes, T>(mark0, value, level0, x);
                Add<TLanes, T>(mark1, value, level1, x);
                Add<TLanes, T>(mark2, value, level2, x);
                Add<TLanes, T>(mark3, value, level3, x);
            }
        }

        private static void Add<TLanes, T>(FixedMark mark, T value, T levels, int x)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            if (mark.Words != null)
            {
                mark.Add<TLanes, T>(value, levels, x);
            }
        }

        private static T Load<TLanes, T>(short[]? values, int channel)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            fixed (short* source = values)
            {
                return source == null ? default : TLanes.Load(source + channel);
            }
        }

        private FixedMark MarkOf<TLanes, T>(int sign, int channel, out T levels)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            levels = default;
            var rows = Rows;
            if (sign >= Parts.Signs.Length || rows.Bits[sign] == 0)
            {
                return default;
            }

            var (rules, block) = (Parts.Signs[sign], channel / BitShape.BlockChannels);
            levels = Load<TLanes, T>(rules.Thresholds, channel);
            return new FixedMark((ulong*)rows.Bits[sign] + ((((long)Row * BitShape.BlocksOf(Parts.Channels)) + block) * Width), rules.Flips[block], channel, TLanes.Count);
        }
    }
}
