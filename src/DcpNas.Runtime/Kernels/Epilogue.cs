using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>What follows a convolution: <c>v = sum * scale + bias (+ shortcut); v = v &lt; 0 ? v * slope : v; v = v + offset</c>, and the sign bits of the result.</summary>
/// <remarks>Each operation is rounded to float32 by itself, in this order; every instruction set gives the same floats and bits.</remarks>
internal sealed unsafe class Epilogue
{
    private readonly float[] _scale;
    private readonly float[] _bias;
    private readonly float[]? _slope;
    private readonly float[]? _offset;
    private readonly SignRules? _rules;

    /// <summary>Prepares the job. Every list has one entry per channel.</summary>
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
    {
        Channels = scale.Length;
        Bounds.AtLeast(scale.Length, 1);
        Bounds.Exactly(bias.Length, Channels);
        Bounds.Exactly(slope.Length, slope.IsEmpty ? 0 : Channels);
        Bounds.Exactly(offset.Length, offset.IsEmpty ? 0 : Channels);
        Bounds.Exactly(rules.Length, rules.IsEmpty ? 0 : Channels);
        Set = InstructionSets.Choose(set);
        (_scale, _bias) = (scale.ToArray(), bias.ToArray());
        (_slope, _offset) = (slope.IsEmpty ? null : slope.ToArray(), offset.IsEmpty ? null : offset.ToArray());
        _rules = rules.IsEmpty ? null : new(rules);
    }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Runs on 16-bit sums.</summary>
    /// <param name="sums">The sums, <c>[rowCount][width][channel]</c>.</param>
    /// <param name="shortcut">Floats to add, as many, or empty for none. May be the output.</param>
    /// <param name="output">Receives the floats, or is empty where only bits are wanted.</param>
    /// <param name="bits">Receives the bits, <c>[rowCount][block][width]</c>, or is empty where only floats are wanted.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <exception cref="ArgumentException">A span is too short, or bits are wanted but there are no rules.</exception>
    public void Run(ReadOnlySpan<short> sums, ReadOnlySpan<float> shortcut, Span<float> output, Span<ulong> bits, int rowCount, int width)
    {
        Bounds.AtLeast(sums.Length, (long)rowCount * width * Channels);
        fixed (short* source = sums)
        {
            Rows<short, ShortSource>(source, shortcut, output, bits, rowCount, width);
        }
    }

    /// <summary>Runs on 32-bit sums.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{short}, ReadOnlySpan{float}, Span{float}, Span{ulong}, int, int)"/>
    public void Run(ReadOnlySpan<int> sums, ReadOnlySpan<float> shortcut, Span<float> output, Span<ulong> bits, int rowCount, int width)
    {
        Bounds.AtLeast(sums.Length, (long)rowCount * width * Channels);
        fixed (int* source = sums)
        {
            Rows<int, IntSource>(source, shortcut, output, bits, rowCount, width);
        }
    }

    /// <summary>Runs on floats.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{short}, ReadOnlySpan{float}, Span{float}, Span{ulong}, int, int)"/>
    public void Run(ReadOnlySpan<float> sums, ReadOnlySpan<float> shortcut, Span<float> output, Span<ulong> bits, int rowCount, int width)
    {
        Bounds.AtLeast(sums.Length, (long)rowCount * width * Channels);
        fixed (float* source = sums)
        {
            Rows<float, FloatSource>(source, shortcut, output, bits, rowCount, width);
        }
    }

    private void Rows<TSum, TSource>(TSum* sums, ReadOnlySpan<float> shortcut, Span<float> output, Span<ulong> bits, int rowCount, int width)
        where TSum : unmanaged
        where TSource : struct, ISource<TSum>
    {
        var values = (long)rowCount * width * Channels;
        var words = (long)rowCount * width * BitShape.BlocksOf(Channels);
        Bounds.AtLeast(shortcut.Length, shortcut.IsEmpty ? 0 : values);
        Bounds.AtLeast(output.Length, output.IsEmpty ? 0 : values);
        Bounds.AtLeast(bits.Length, bits.IsEmpty ? 0 : words);
        if (!bits.IsEmpty && _rules is null)
        {
            throw new ArgumentException("bits must be empty, because the job was prepared without rules.");
        }

        if (!bits.IsEmpty)
        {
            bits[..(int)words].Clear();
        }

        fixed (float* scale = _scale, bias = _bias, slope = _slope, offset = _offset, threshold = _rules?.Thresholds, more = shortcut, target = output)
        fixed (ulong* flips = _rules?.Flips, marks = bits)
        {
            for (var row = 0; row < rowCount; row++)
            {
                var at = (long)row * width * Channels;
                ChannelLoop.Run(Set, Channels, new Step<TSum, TSource>
                {
                    Sums = sums + at,
                    Shortcut = more == null ? null : more + at,
                    Output = target == null ? null : target + at,
                    Bits = marks == null ? null : marks + ((long)row * width * BitShape.BlocksOf(Channels)),
                    Scale = scale,
                    Bias = bias,
                    Slope = slope,
                    Offset = offset,
                    Thresholds = threshold,
                    Flips = flips,
                    Width = width,
                    Channels = Channels,
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
    }

    private readonly struct ShortSource : ISource<short>
    {
        public static T Load<TLanes, T>(short* source)
            where TLanes : struct, IFloatLanes<T>
            where T : struct => TLanes.Load(source);
    }

    private readonly struct IntSource : ISource<int>
    {
        public static T Load<TLanes, T>(int* source)
            where TLanes : struct, IFloatLanes<T>
            where T : struct => TLanes.Load(source);
    }

    private readonly struct FloatSource : ISource<float>
    {
        public static T Load<TLanes, T>(float* source)
            where TLanes : struct, IFloatLanes<T>
            where T : struct => TLanes.Load(source);
    }

    private readonly struct Step<TSum, TSource> : IChannelStep
        where TSum : unmanaged
        where TSource : struct, ISource<TSum>
    {
        public required TSum* Sums { get; init; }

        public required float* Shortcut { get; init; }

        public required float* Output { get; init; }

        public required ulong* Bits { get; init; }

        public required float* Scale { get; init; }

        public required float* Bias { get; init; }

        public required float* Slope { get; init; }

        public required float* Offset { get; init; }

        public required float* Thresholds { get; init; }

        public required ulong* Flips { get; init; }

        public required int Width { get; init; }

        public required int Channels { get; init; }

        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (block, shift) = (channel / BitShape.BlockChannels, channel % BitShape.BlockChannels);
            var (scale, bias) = (TLanes.Load(Scale + channel), TLanes.Load(Bias + channel));
            var slope = Slope == null ? TLanes.Create(1) : TLanes.Load(Slope + channel);
            var offset = Offset == null ? default : TLanes.Load(Offset + channel);
            var threshold = Bits == null ? default : TLanes.Load(Thresholds + channel);
            var flip = Bits == null ? 0 : (Flips[block] >> shift) & (ulong.MaxValue >> (BitShape.BlockChannels - TLanes.Count));
            var words = Bits + ((long)block * Width);
            var at = (long)channel;
            for (var x = 0; x < Width; x++, at += Channels)
            {
                var value = TLanes.Add(TLanes.Multiply(TSource.Load<TLanes, T>(Sums + at), scale), bias);
                if (Shortcut != null)
                {
                    value = TLanes.Add(value, TLanes.Load(Shortcut + at));
                }

                if (Slope != null)
                {
                    value = TLanes.Prelu(value, slope);
                }

                if (Offset != null)
                {
                    value = TLanes.Add(value, offset);
                }

                if (Output != null)
                {
                    TLanes.Store(value, Output + at);
                }

                if (Bits != null)
                {
                    words[x] |= (TLanes.LessThan(value, threshold) ^ flip) << shift;
                }
            }
        }
    }
}
