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
    protected override int Scratch(int rowCount) => checked(sizeof(ulong) * ((_plan.Planes * MostLanes) + (PaddedRows(rowCount) * _rowWords)));

    /// <inheritdoc/>
    protected override void Run(ulong* input, Result result, void* output, int firstRow, int rowCount, byte* scratch)
    {
        var digits = (ulong*)scratch;
        var padded = digits + (_plan.Planes * MostLanes);
        Pad(input, padded, firstRow, PaddedRows(rowCount));
        fixed (ulong* weights = _plan.Weights, thresholds = _plan.Thresholds, flips = _plan.Flips)
        fixed (nint* offsets = _offsets)
        {
            var blocks = Geometry.Input.Blocks;
            for (var row = 0; row < rowCount; row++)
            {
                var rowClass = _plan.RowClass[firstRow + row];
                for (var block = 0; block < blocks; block++)
                {
                    var source = padded + ((long)row * Geometry.Stride * _rowWords) + ((long)block * Geometry.Stride * _pitch);
                    if (result == Result.Bits)
                    {
                        var levels = thresholds + (((long)rowClass * blocks) + block) * _plan.Planes * _plan.Pitch;
                        Bits(source, offsets, weights + block, blocks, levels, flips + block, (ulong*)output + ((((long)row * blocks) + block) * Geometry.OutWidth), digits);
                    }
                    else
                    {
                        Sums(source, offsets, weights + block, blocks, digits, result, output, row, rowClass, block);
                    }
                }
            }
        }
    }

    private int PaddedRows(int rowCount) => checked(((rowCount - 1) * Geometry.Stride) + (Geometry.Dilation * (Geometry.Kernel - 1)) + 1);

    /// <summary>Copies rows between zeros, the columns sorted by their remainder modulo the stride: <c>[y][block][remainder][x / stride]</c>.</summary>
    private void Pad(ulong* input, ulong* padded, int firstRow, int rows)
    {
        var (shape, stride, lead) = (Geometry.Input, Geometry.Stride, Geometry.Lead);
        new Span<ulong>(padded, rows * _rowWords).Clear();
        for (var row = 0; row < rows; row++)
        {
            var y = (firstRow * stride) + row - lead;
            if (y < 0 || y >= shape.Height)
            {
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
                    new Span<ulong>(source + first, count).CopyTo(new(target + lead + first, count));
                }
                else
                {
                    for (var phase = 0; phase < stride; phase++)
                    {
                        // Columns u = x + lead with u % stride == phase.
                        var index = Math.Max(0, (lead - phase + stride - 1) / stride);
                        var end = Math.Min(_pitch, (shape.Width + lead - phase + stride - 1) / stride);
                        for (; index < end; index++)
                        {
                            target[(phase * _pitch) + index] = source[(index * stride) + phase - lead];
                        }
                    }
                }
            }
        }
    }

    /// <summary>The bits of one row of one block.</summary>
    private void Bits(ulong* source, nint* offsets, ulong* weights, int blocks, ulong* levels, ulong* flip, ulong* output, ulong* digits)
    {
        var (width, pitch) = (Geometry.OutWidth, (nint)_plan.Pitch);
        for (var x = 0; x < width; x += TLanes.Count)
        {
            if (x + TLanes.Count > width && width >= TLanes.Count)
            {
                x = width - TLanes.Count; // the last vector overlaps the one before
            }

            T bits;
            var level = levels + x;
            if (Geometry.Kernel == 3)
            {
                CarrySave<TLanes, T>.Nine(source + x, offsets, weights, blocks, out var d0, out var d1, out var d2, out var d3);
                bits = TLanes.AtLeast(d0, TLanes.Load(level), AllOnes());
                bits = TLanes.AtLeast(d1, TLanes.Load(level + pitch), bits);
                bits = TLanes.AtLeast(d2, TLanes.Load(level + (2 * pitch)), bits);
                bits = TLanes.AtLeast(d3, TLanes.Load(level + (3 * pitch)), bits);
            }
            else if (Geometry.Kernel == 5)
            {
                CarrySave<TLanes, T>.TwentyFive(source + x, offsets, weights, blocks, out var d0, out var d1, out var d2, out var d3, out var d4);
                bits = TLanes.AtLeast(d0, TLanes.Load(level), AllOnes());
                bits = TLanes.AtLeast(d1, TLanes.Load(level + pitch), bits);
                bits = TLanes.AtLeast(d2, TLanes.Load(level + (2 * pitch)), bits);
                bits = TLanes.AtLeast(d3, TLanes.Load(level + (3 * pitch)), bits);
                bits = TLanes.AtLeast(d4, TLanes.Load(level + (4 * pitch)), bits);
            }
            else
            {
                CarrySave<TLanes, T>.Any(source + x, offsets, weights, blocks, _offsets.Length, digits, _plan.Planes);
                bits = AllOnes();
                for (var digit = 0; digit < _plan.Planes; digit++)
                {
                    bits = TLanes.AtLeast(TLanes.Load(digits + (digit * TLanes.Count)), TLanes.Load(level + (digit * pitch)), bits);
                }
            }

            bits = TLanes.Xor(bits, TLanes.Broadcast(flip));
            if (x + TLanes.Count <= width)
            {
                TLanes.Store(bits, output + x);
            }
            else
            {
                TLanes.Store(bits, digits);
                new Span<ulong>(digits, width - x).CopyTo(new(output + x, width - x));
            }
        }
    }

    /// <summary>The sums of one row of one block.</summary>
    private void Sums(ulong* source, nint* offsets, ulong* weights, int blocks, ulong* digits, Result result, void* output, int row, int rowClass, int block)
    {
        var (width, channels, first) = (Geometry.OutWidth, Geometry.OutChannels, block * BitShape.BlockChannels);
        var count = Math.Min(channels - first, BitShape.BlockChannels);
        var counts = stackalloc ulong[BitShape.BlockChannels / sizeof(ulong)];
        fixed (short* bases = _plan.Bases)
        {
            for (var x = 0; x < width; x += TLanes.Count)
            {
                CarrySave<TLanes, T>.Any(source + x, offsets, weights, blocks, _offsets.Length, digits, _plan.Planes);
                for (var lane = 0; lane < TLanes.Count && x + lane < width; lane++)
                {
                    var from = bases + ((((long)rowClass * _plan.ColumnClasses) + _plan.ColumnClass[x + lane]) * channels) + first;
                    var at = ((((long)row * width) + x + lane) * channels) + first;
                    DigitCounts.Bytes(digits + lane, TLanes.Count, _plan.Planes, counts);
                    if (result == Result.Sums16)
                    {
                        DigitCounts.Subtract(from, (byte*)counts, (short*)output + at, count);
                    }
                    else
                    {
                        DigitCounts.Subtract(from, (byte*)counts, (int*)output + at, count);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AllOnes()
    {
        var ones = ulong.MaxValue;
        return TLanes.Broadcast(&ones);
    }
}
