using System.Runtime.CompilerServices;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>Depthwise convolution on bit slices: each word counts 64 channels at once, digit by digit, through a tree of full adders.</summary>
/// <typeparam name="TLanes">The vector's operations.</typeparam>
/// <typeparam name="T">The vector: so many neighbouring pixels of a block.</typeparam>
internal sealed unsafe class DepthwiseAdders<TLanes, T> : BinaryConvolution
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private const int MostLanes = 8;

    private readonly DepthwisePlan _plan;
    private readonly int _pitch; // words of one phase of a padded row
    private readonly int _rowWords; // words of one padded row
    private readonly nint[] _offsets; // from the first tap to each tap

    /// <summary>Prepares the kernel.</summary>
    public DepthwiseAdders(DepthwisePlan plan, InstructionSet set)
        : base(plan.Geometry, plan.HasRules, set)
    {
        _plan = plan;
        var (kernel, stride, dilation) = (Geometry.Kernel, Geometry.Stride, Geometry.Dilation);
        _pitch = plan.Pitch + (dilation * (kernel - 1) / stride) + 1;
        _rowWords = checked(Geometry.Input.Blocks * stride * _pitch);
        _offsets = new nint[kernel * kernel];
        for (var tap = 0; tap < _offsets.Length; tap++)
        {
            var (y, x) = (tap / kernel * dilation, tap % kernel * dilation);
            _offsets[tap] = checked((y * _rowWords) + (x % stride * _pitch) + (x / stride));
        }
    }

    /// <inheritdoc/>
    public override string Kernel => $"adders, {TLanes.Count} words";

    /// <inheritdoc/>
    protected internal override int Scratch(int rowCount) => checked(sizeof(ulong) * ((_plan.Planes * MostLanes) + (PaddedRows(rowCount) * _rowWords)));

    /// <inheritdoc/>
    protected internal override void Run(ulong* input, Result result, void* output, int firstRow, int rowCount, byte* scratch)
    {
        var digits = (ulong*)scratch;
        var padded = digits + (_plan.Planes * MostLanes);
        Pad(input, padded, firstRow, PaddedRows(rowCount));
        fixed (ulong* weights = _plan.Weights)
        {
            for (var block = 0; block < Geometry.Input.Blocks; block++)
            {
                var source = padded + ((long)block * Geometry.Stride * _pitch);
                var own = weights + ((long)block * _offsets.Length);
                if (result != Result.Bits)
                {
                    Sums(source, own, digits, result, output, firstRow, rowCount, block);
                }
                else
                {
                    Bits(source, own, digits, (ulong*)output, firstRow, rowCount, block);
                }
            }
        }
    }

    private int PaddedRows(int rowCount) => checked(((rowCount - 1) * Geometry.Stride) + (Geometry.Dilation * (Geometry.Kernel - 1)) + 1);

    /// <summary>Copies rows between zeros, the columns sorted by their remainder modulo the stride: <c>[y][block][remainder][x / stride]</c>.</summary>
    private void Pad(ulong* input, ulong* padded, int firstRow, int rows)
    {
        var (shape, stride, lead) = (Geometry.Input, Geometry.Stride, Geometry.Lead);
        for (var row = 0; row < rows; row++)
        {
            var y = (firstRow * stride) + row - lead;
            if (y < 0 || y >= shape.Height)
            {
                new Span<ulong>(padded + ((long)row * _rowWords), _rowWords).Clear();
                continue;
            }

            for (var block = 0; block < shape.Blocks; block++)
            {
                var source = input + shape.IndexOf(y, block, 0);
                var target = padded + ((long)row * _rowWords) + ((long)block * stride * _pitch);
                if (stride == 1)
                {
                    var first = Math.Max(0, -lead);
                    var count = Math.Max(0, Math.Min(shape.Width - first, _pitch - lead - first));
                    Copy(source + first, target, lead + first, count, _pitch);
                }
                else
                {
                    for (var phase = 0; phase < stride; phase++)
                    {
                        // Columns u = x + lead with u % stride == phase.
                        var index = Math.Max(0, (lead - phase + stride - 1) / stride);
                        var end = Math.Min(_pitch, (shape.Width + lead - phase + stride - 1) / stride);
                        var line = new Span<ulong>(target + (phase * _pitch), _pitch);
                        line[..Math.Min(index, _pitch)].Clear();
                        for (; index < end; index++)
                        {
                            line[index] = source[(index * stride) + phase - lead];
                        }

                        line[Math.Min(index, _pitch)..].Clear();
                    }
                }
            }
        }
    }

    /// <summary>Copies a row between zeros. Rows are short: calls of the library would take longer than the copy.</summary>
    private static void Copy(ulong* source, ulong* target, int before, int count, int total)
    {
        var index = 0;
        for (; index < before; index++)
        {
            target[index] = 0;
        }

        target += before;
        for (index = 0; index + TLanes.Count <= count; index += TLanes.Count)
        {
            TLanes.Store(TLanes.Load(source + index), target + index);
        }

        for (; index < count; index++)
        {
            target[index] = source[index];
        }

        for (; index < total - before; index++)
        {
            target[index] = 0;
        }
    }

    /// <summary>The bits of a block.</summary>
    private void Bits(ulong* source, ulong* weights, ulong* digits, ulong* output, int firstRow, int rowCount, int block)
    {
        var (width, blocks, step) = (Geometry.OutWidth, Geometry.Input.Blocks, _plan.Planes * _plan.Pitch);
        fixed (nint* offsets = _offsets)
        fixed (ulong* thresholds = _plan.Thresholds, flips = _plan.Flips)
        fixed (int* rowClass = _plan.RowClass)
        {
            var rows = new DepthwiseRows
            {
                Source = source,
                SourceStep = (nint)Geometry.Stride * _rowWords,
                Offsets = offsets,
                Weights = weights,
                Levels = thresholds + ((long)block * step),
                ClassStep = (nint)blocks * step,
                LevelStep = _plan.Pitch,
                RowClass = rowClass + firstRow,
                Flip = flips + block,
                Target = output + ((long)block * width),
                TargetStep = (nint)blocks * width,
                Count = rowCount,
                Width = width,
                Spare = digits,
            };
            switch (Geometry.Kernel)
            {
                case 3:
                    BitsOfThree(in rows);
                    break;
                case 5:
                    BitsOfFive(in rows);
                    break;
                default:
                    BitsOfAny(in rows, _offsets.Length, _plan.Planes);
                    break;
            }
        }
    }

    /// <summary>The bits of a block, kernel 3x3: its weights stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BitsOfThree(in DepthwiseRows rows)
    {
        var weights = rows.Weights;
        var (levelStep, width) = (rows.LevelStep, rows.Width);
        var (row, second, third) = (rows.Offsets[3], rows.Offsets[1], rows.Offsets[2]);
        var w0 = TLanes.Broadcast(weights);
        var w1 = TLanes.Broadcast(weights + 1);
        var w2 = TLanes.Broadcast(weights + 2);
        var w3 = TLanes.Broadcast(weights + 3);
        var w4 = TLanes.Broadcast(weights + 4);
        var w5 = TLanes.Broadcast(weights + 5);
        var w6 = TLanes.Broadcast(weights + 6);
        var w7 = TLanes.Broadcast(weights + 7);
        var w8 = TLanes.Broadcast(weights + 8);
        var flip = TLanes.Broadcast(rows.Flip);
        var ones = TLanes.Ones;
        for (var y = 0; y < rows.Count; y++)
        {
            var line = rows.Source + (y * rows.SourceStep);
            var levels = rows.Levels + (rows.RowClass[y] * rows.ClassStep);
            var target = rows.Target + (y * rows.TargetStep);
            for (var x = 0; x < width; x += TLanes.Count)
            {
                if (x + TLanes.Count > width && width >= TLanes.Count)
                {
                    x = width - TLanes.Count; // the last vector overlaps the one before
                }

                var top = line + x;
                var middle = top + row;
                var bottom = middle + row;
                CarrySave<TLanes, T>.Nine(
                    TLanes.Xor(TLanes.Load(top), w0), TLanes.Xor(TLanes.Load(top + second), w1), TLanes.Xor(TLanes.Load(top + third), w2),
                    TLanes.Xor(TLanes.Load(middle), w3), TLanes.Xor(TLanes.Load(middle + second), w4), TLanes.Xor(TLanes.Load(middle + third), w5),
                    TLanes.Xor(TLanes.Load(bottom), w6), TLanes.Xor(TLanes.Load(bottom + second), w7), TLanes.Xor(TLanes.Load(bottom + third), w8),
                    out var d0, out var d1, out var d2, out var d3);
                var level = levels + x;
                var bits = TLanes.AtLeast(d0, TLanes.Load(level), ones);
                bits = TLanes.AtLeast(d1, TLanes.Load(level + levelStep), bits);
                bits = TLanes.AtLeast(d2, TLanes.Load(level + (2 * levelStep)), bits);
                bits = TLanes.AtLeast(d3, TLanes.Load(level + (3 * levelStep)), bits);
                bits = TLanes.Xor(bits, flip);
                if (x + TLanes.Count <= width)
                {
                    TLanes.Store(bits, target + x);
                    continue;
                }

                TLanes.Store(bits, rows.Spare);
                for (var lane = 0; x + lane < width; lane++)
                {
                    target[x + lane] = rows.Spare[lane];
                }
            }
        }
    }

    /// <summary>The bits of a block, kernel 5x5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BitsOfFive(in DepthwiseRows rows)
    {
        var weights = rows.Weights;
        var (levelStep, width) = (rows.LevelStep, rows.Width);
        var columns = new Columns(rows.Offsets[1], rows.Offsets[2], rows.Offsets[3], rows.Offsets[4]);
        var row = rows.Offsets[5];
        var flip = TLanes.Broadcast(rows.Flip);
        var ones = TLanes.Ones;
        for (var y = 0; y < rows.Count; y++)
        {
            var line = rows.Source + (y * rows.SourceStep);
            var levels = rows.Levels + (rows.RowClass[y] * rows.ClassStep);
            var target = rows.Target + (y * rows.TargetStep);
            for (var x = 0; x < width; x += TLanes.Count)
            {
                if (x + TLanes.Count > width && width >= TLanes.Count)
                {
                    x = width - TLanes.Count; // the last vector overlaps the one before
                }

                CarrySave<TLanes, T>.TwentyFive(line + x, row, columns, weights, out var d0, out var d1, out var d2, out var d3, out var d4);
                var level = levels + x;
                var bits = TLanes.AtLeast(d0, TLanes.Load(level), ones);
                bits = TLanes.AtLeast(d1, TLanes.Load(level + levelStep), bits);
                bits = TLanes.AtLeast(d2, TLanes.Load(level + (2 * levelStep)), bits);
                bits = TLanes.AtLeast(d3, TLanes.Load(level + (3 * levelStep)), bits);
                bits = TLanes.AtLeast(d4, TLanes.Load(level + (4 * levelStep)), bits);
                bits = TLanes.Xor(bits, flip);
                if (x + TLanes.Count <= width)
                {
                    TLanes.Store(bits, target + x);
                    continue;
                }

                TLanes.Store(bits, rows.Spare);
                for (var lane = 0; x + lane < width; lane++)
                {
                    target[x + lane] = rows.Spare[lane];
                }
            }
        }
    }

    /// <summary>The bits of a block, any kernel.</summary>
    private static void BitsOfAny(in DepthwiseRows rows, int taps, int planes)
    {
        var weights = rows.Weights;
        var (levelStep, width) = (rows.LevelStep, rows.Width);
        var flip = TLanes.Broadcast(rows.Flip);
        var ones = TLanes.Ones;
        for (var y = 0; y < rows.Count; y++)
        {
            var line = rows.Source + (y * rows.SourceStep);
            var levels = rows.Levels + (rows.RowClass[y] * rows.ClassStep);
            var target = rows.Target + (y * rows.TargetStep);
            for (var x = 0; x < width; x += TLanes.Count)
            {
                if (x + TLanes.Count > width && width >= TLanes.Count)
                {
                    x = width - TLanes.Count; // the last vector overlaps the one before
                }

                CarrySave<TLanes, T>.Any(line + x, rows.Offsets, weights, taps, rows.Spare, planes);
                var bits = ones;
                for (var digit = 0; digit < planes; digit++)
                {
                    bits = TLanes.AtLeast(TLanes.Load(rows.Spare + (digit * TLanes.Count)), TLanes.Load(levels + x + (digit * levelStep)), bits);
                }

                bits = TLanes.Xor(bits, flip);
                if (x + TLanes.Count <= width)
                {
                    TLanes.Store(bits, target + x);
                    continue;
                }

                TLanes.Store(bits, rows.Spare);
                for (var lane = 0; x + lane < width; lane++)
                {
                    target[x + lane] = rows.Spare[lane];
                }
            }
        }
    }

    /// <summary>The sums of a block.</summary>
    private void Sums(ulong* source, ulong* weights, ulong* digits, Result result, void* output, int firstRow, int rowCount, int block)
    {
        var (width, channels, first) = (Geometry.OutWidth, Geometry.OutChannels, block * BitShape.BlockChannels);
        var count = Math.Min(channels - first, BitShape.BlockChannels);
        fixed (nint* offsets = _offsets)
        fixed (short* bases = _plan.Bases)
        fixed (int* columnClasses = _plan.ColumnClass)
        {
            for (var y = 0; y < rowCount; y++)
            {
                var line = source + ((long)y * Geometry.Stride * _rowWords);
                var rowBases = bases + ((long)_plan.RowClass[firstRow + y] * _plan.ColumnClasses * channels) + first;
                var at = ((long)y * width * channels) + first;
                for (var x = 0; x < width; x += TLanes.Count)
                {
                    CarrySave<TLanes, T>.Any(line + x, offsets, weights, _offsets.Length, digits, _plan.Planes);
                    for (var lane = 0; lane < TLanes.Count && x + lane < width; lane++, at += channels)
                    {
                        var from = rowBases + ((long)columnClasses[x + lane] * channels);
                        if (result == Result.Sums16)
                        {
                            DigitCounts.Subtract(digits + lane, TLanes.Count, _plan.Planes, from, (short*)output + at, count, Set == InstructionSet.Scalar);
                        }
                        else
                        {
                            DigitCounts.Subtract(digits + lane, TLanes.Count, _plan.Planes, from, (int*)output + at, count);
                        }
                    }
                }
            }
        }
    }
}
