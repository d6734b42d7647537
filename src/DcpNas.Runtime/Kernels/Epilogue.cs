using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>What follows a convolution: <c>v = sum * scale + bias (+ shortcut); v = v &lt; 0 ? v * slope : v; v = v + offset (+ addend)</c>, and the sign bits of the result.</summary>
/// <remarks>Each operation is rounded to float32 by itself, in this order; every instruction set gives the same floats and bits.</remarks>
internal sealed unsafe partial class Epilogue : SumEpilogue, IEpilogue<float>
{
    /// <summary>A shortcut that repeats has a multiple of so many channels.</summary>
    public const int RepetitionUnit = 16;

    private readonly float[] _scale;
    private readonly float[] _bias;
    private readonly float[]? _slope;
    private readonly float[]? _offset;
    private readonly SignRules[] _signs;

    /// <summary>Prepares the job for at most one sign. Every list has one entry per channel.</summary>
    /// <param name="scale">Factors of the sums.</param>
    /// <param name="bias">Added after scaling.</param>
    /// <param name="slope">Slopes below zero (PReLU), or empty for none.</param>
    /// <param name="offset">Added at the end, or empty for none.</param>
    /// <param name="rules">How the result becomes bits, or empty where none are wanted.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public Epilogue(
        ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, ReadOnlySpan<float> slope = default, ReadOnlySpan<float> offset = default, ReadOnlySpan<FloatRule> rules = default,
        InstructionSet? set = null)
        : this(scale, bias, slope, offset, rules.IsEmpty ? [] : new FloatRule[][] { rules.ToArray() }, set)
    {
    }

    /// <summary>Prepares the job for up to <see cref="SumEpilogue.MostSigns"/> signs.</summary>
    /// <inheritdoc cref="Epilogue(ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{FloatRule}, InstructionSet?)"/>
    public Epilogue(
        ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, ReadOnlySpan<float> slope, ReadOnlySpan<float> offset, FloatRule[][] signs, InstructionSet? set = null)
    {
        Channels = scale.Length;
        Bounds.AtLeast(scale.Length, 1);
        Bounds.Exactly(bias.Length, Channels);
        Bounds.Exactly(slope.Length, slope.IsEmpty ? 0 : Channels);
        Bounds.Exactly(offset.Length, offset.IsEmpty ? 0 : Channels);
        if (signs.Length > MostSigns)
        {
            throw new ArgumentException($"signs must be at most {MostSigns}, got {signs.Length}.");
        }

        foreach (var rules in signs)
        {
            Bounds.Exactly(rules.Length, Channels);
        }

        Set = InstructionSets.Choose(set);
        (_scale, _bias) = (scale.ToArray(), bias.ToArray());
        (_slope, _offset) = (slope.IsEmpty ? null : slope.ToArray(), offset.IsEmpty ? null : offset.ToArray());
        _signs = Array.ConvertAll(signs, rules => new SignRules(rules));
        _parts = Set == InstructionSet.Avx512 ? Parts() : null;
    }

    /// <inheritdoc/>
    public override int Channels { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Runs on 16-bit sums, with at most one sign.</summary>
    /// <param name="sums">The sums, <c>[rowCount][width][channel]</c>.</param>
    /// <param name="shortcut">Floats to add, as many, or empty for none. May be the output.</param>
    /// <param name="output">Receives the floats, or is empty where only bits are wanted.</param>
    /// <param name="bits">Receives the bits, <c>[rowCount][block][width]</c>, or is empty where only floats are wanted.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <exception cref="ArgumentException">A span is too short, or bits are wanted but there are no rules.</exception>
    public void Run(ReadOnlySpan<short> sums, ReadOnlySpan<float> shortcut, Span<float> output, Span<ulong> bits, int rowCount, int width)
    {
        Check(shortcut, output, bits, rowCount, width);
        fixed (float* more = shortcut, target = output)
        fixed (ulong* words = bits)
        {
            Run(sums, Of(more, target, words), rowCount, width);
        }
    }

    /// <summary>Runs on 32-bit sums, with at most one sign.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{short}, ReadOnlySpan{float}, Span{float}, Span{ulong}, int, int)"/>
    public void Run(ReadOnlySpan<int> sums, ReadOnlySpan<float> shortcut, Span<float> output, Span<ulong> bits, int rowCount, int width)
    {
        Check(shortcut, output, bits, rowCount, width);
        fixed (float* more = shortcut, target = output)
        fixed (ulong* words = bits)
        {
            Run(sums, Of(more, target, words), rowCount, width);
        }
    }

    /// <summary>Runs on floats, with at most one sign.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{short}, ReadOnlySpan{float}, Span{float}, Span{ulong}, int, int)"/>
    public void Run(ReadOnlySpan<float> sums, ReadOnlySpan<float> shortcut, Span<float> output, Span<ulong> bits, int rowCount, int width)
    {
        Check(shortcut, output, bits, rowCount, width);
        fixed (float* more = shortcut, target = output)
        fixed (ulong* words = bits)
        {
            Run(sums, Of(more, target, words), rowCount, width);
        }
    }

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<short> sums, in EpilogueRows rows, int rowCount, int width)
    {
        Bounds.AtLeast(sums.Length, (long)rowCount * width * Channels);
        fixed (short* source = sums)
        {
            Rows<short, ShortSource>(source, in rows, rowCount, width);
        }
    }

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<int> sums, in EpilogueRows rows, int rowCount, int width)
    {
        Bounds.AtLeast(sums.Length, (long)rowCount * width * Channels);
        fixed (int* source = sums)
        {
            Rows<int, IntSource>(source, in rows, rowCount, width);
        }
    }

    /// <summary>Runs on floats.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{short}, in EpilogueRows, int, int)"/>
    public void Run(ReadOnlySpan<float> sums, in EpilogueRows rows, int rowCount, int width)
    {
        Bounds.AtLeast(sums.Length, (long)rowCount * width * Channels);
        fixed (float* source = sums)
        {
            Rows<float, FloatSource>(source, in rows, rowCount, width);
        }
    }

    private EpilogueRows Of(float* shortcut, float* output, ulong* bits)
    {
        var rows = new EpilogueRows { Shortcut = shortcut, ShortcutChannels = Channels, Output = output };
        rows.Bits[0] = (long)bits;
        return rows;
    }

    private void Check(ReadOnlySpan<float> shortcut, ReadOnlySpan<float> output, ReadOnlySpan<ulong> bits, int rowCount, int width)
    {
        var values = (long)rowCount * width * Channels;
        var words = (long)rowCount * width * BitShape.BlocksOf(Channels);
        Bounds.AtLeast(shortcut.Length, shortcut.IsEmpty ? 0 : values);
        Bounds.AtLeast(output.Length, output.IsEmpty ? 0 : values);
        Bounds.AtLeast(bits.Length, bits.IsEmpty ? 0 : words);
        if (!bits.IsEmpty && _signs.Length == 0)
        {
            throw new ArgumentException("bits must be empty, because the job was prepared without rules.");
        }
    }

    private void Rows<TSum, TSource>(TSum* sums, in EpilogueRows rows, int rowCount, int width)
        where TSum : unmanaged
        where TSource : struct, ISource<TSum>
    {
        if (Set == InstructionSet.Avx512)
        {
            var blocks = BitShape.BlocksOf(Channels);
            for (var block = 0; block < blocks; block++)
            {
                Block<TSum, TSource>(sums + (block * BitShape.BlockChannels), Channels, block, in rows, 0, rowCount * width, width);
            }

            GC.KeepAlive(this);
            return;
        }

        var words = width * BitShape.BlocksOf(Channels);
        var bits = stackalloc ulong*[MostSigns];
        for (var sign = 0; sign < _signs.Length; sign++)
        {
            bits[sign] = (ulong*)rows.Bits[sign];
            if (bits[sign] != null)
            {
                new Span<ulong>(bits[sign], rowCount * words).Clear();
            }
        }

        fixed (float* scale = _scale, bias = _bias, slope = _slope, offset = _offset)
        {
            for (var row = 0; row < rowCount; row++)
            {
                ChannelLoop.Run(Set, Channels, new Step<TSum, TSource>
                {
                    Job = this,
                    Sums = sums + ((long)row * width * Channels),
                    Rows = rows,
                    Bits = bits,
                    Row = row,
                    Scale = scale,
                    Bias = bias,
                    Slope = slope,
                    Offset = offset,
                    Width = width,
                });
            }
        }
    }

    private interface ISource<TSum>
        where TSum : unmanaged
    {
        static abstract T Load<TLanes, T>(TSum* source)
            where TLanes : struct, IFloatLanes<T>
            where T : struct;

        /// <summary>Sixteen sums of which the mask says which are there; the others are 0.</summary>
        static abstract Vector512<float> Masked(TSum* source, Vector512<float> mask);
    }

    private readonly struct ShortSource : ISource<short>
    {
        public static T Load<TLanes, T>(short* source)
            where TLanes : struct, IFloatLanes<T>
            where T : struct => TLanes.Load(source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Masked(short* source, Vector512<float> mask) => Vector512.ConvertToSingle(
            Avx512F.ConvertToVector512Int32(Avx512BW.VL.MaskLoad(source, Avx512F.ConvertToVector256Int16(mask.AsInt32()), Vector256<short>.Zero)));
    }

    private readonly struct IntSource : ISource<int>
    {
        public static T Load<TLanes, T>(int* source)
            where TLanes : struct, IFloatLanes<T>
            where T : struct => TLanes.Load(source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Masked(int* source, Vector512<float> mask) => Vector512.ConvertToSingle(Avx512F.MaskLoad(source, mask.AsInt32(), Vector512<int>.Zero));
    }

    private readonly struct FloatSource : ISource<float>
    {
        public static T Load<TLanes, T>(float* source)
            where TLanes : struct, IFloatLanes<T>
            where T : struct => TLanes.Load(source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Masked(float* source, Vector512<float> mask) => Avx512F.MaskLoad(source, mask, Vector512<float>.Zero);
    }

    private readonly ref struct Step<TSum, TSource> : IChannelStep
        where TSum : unmanaged
        where TSource : struct, ISource<TSum>
    {
        public required Epilogue Job { get; init; }

        public required TSum* Sums { get; init; }

        public required EpilogueRows Rows { get; init; }

        public required ulong** Bits { get; init; }

        public required int Row { get; init; }

        public required float* Scale { get; init; }

        public required float* Bias { get; init; }

        public required float* Slope { get; init; }

        public required float* Offset { get; init; }

        public required int Width { get; init; }

        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var channels = Job.Channels;
            var (scale, bias) = (TLanes.Load(Scale + channel), TLanes.Load(Bias + channel));
            var slope = Slope == null ? TLanes.Create(1) : TLanes.Load(Slope + channel);
            var offset = Offset == null ? default : TLanes.Load(Offset + channel);
            var (at, first) = ((long)channel, (long)Row * Width);
            var shortcut = Rows.Shortcut == null ? null : (float*)Rows.Shortcut + (first * Rows.ShortcutChannels) + (channel % Rows.ShortcutChannels);
            var addend = Rows.Addend == null ? null : (float*)Rows.Addend + (first * channels);
            var output = Rows.Output == null ? null : (float*)Rows.Output + (first * channels);
            var mark0 = MarkOf<TLanes, T>(0, channel, out var level0);
            var mark1 = MarkOf<TLanes, T>(1, channel, out var level1);
            var mark2 = MarkOf<TLanes, T>(2, channel, out var level2);
            var mark3 = MarkOf<TLanes, T>(3, channel, out var level3);
            for (var x = 0; x < Width; x++, at += channels)
            {
                var value = TLanes.Add(TLanes.Multiply(TSource.Load<TLanes, T>(Sums + at), scale), bias);
                if (shortcut != null)
                {
                    value = TLanes.Add(value, TLanes.Load(shortcut + ((long)x * Rows.ShortcutChannels)));
                }

                if (Slope != null)
                {
                    value = TLanes.Prelu(value, slope);
                }

                if (Offset != null)
                {
                    value = TLanes.Add(value, offset);
                }

                if (addend != null)
                {
                    value = TLanes.Add(value, TLanes.Load(addend + at));
                }

                if (output != null)
                {
                    TLanes.Store(value, output + at);
                }

                if (mark0.Words != null)
                {
                    mark0.Add<TLanes, T>(value, level0, x);
                }

                if (mark1.Words != null)
                {
                    mark1.Add<TLanes, T>(value, level1, x);
                }

                if (mark2.Words != null)
                {
                    mark2.Add<TLanes, T>(value, level2, x);
                }

                if (mark3.Words != null)
                {
                    mark3.Add<TLanes, T>(value, level3, x);
                }
            }
        }

        /// <summary>The words of a sign that these channels have a part in, and the thresholds of these channels; no words where the sign is not wanted.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Mark MarkOf<TLanes, T>(int sign, int channel, out T levels)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            levels = default;
            if (sign >= Job._signs.Length || Bits[sign] == null)
            {
                return default;
            }

            var (rules, block, shift) = (Job._signs[sign], channel / BitShape.BlockChannels, channel % BitShape.BlockChannels);
            fixed (float* thresholds = rules.Thresholds)
            {
                levels = TLanes.Load(thresholds + channel);
            }

            return new Mark(
                Bits[sign] + ((((long)Row * BitShape.BlocksOf(Job.Channels)) + block) * Width), (rules.Flips[block] >> shift) & (ulong.MaxValue >> (BitShape.BlockChannels - TLanes.Count)), shift);
        }
    }

    /// <summary>Where the bits of some channels go.</summary>
    private readonly struct Mark(ulong* words, ulong flip, int shift)
    {
        public ulong* Words => words;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add<TLanes, T>(T value, T levels, int x)
            where TLanes : struct, IFloatLanes<T>
            where T : struct => words[x] |= (TLanes.LessThan(value, levels) ^ flip) << shift;
    }
}
