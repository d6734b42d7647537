using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>
/// Dense convolution by tables on AVX-512, pixels side by side: the six weight bits of a group select a table, the activations of 64 pixels look their mismatches up in it at once. It gives bits, or sums to an epilogue.
/// </summary>
internal sealed unsafe partial class DensePixelLanes : BinaryConvolution
{
    private const int Lanes = 64;
    private const int TableBytes = 64;
    private const int MostVectors = 3;

    private readonly Groups _groups;
    private readonly PixelPlan _plan;
    private readonly AlignedBytes _tables;
    private readonly AlignedBytes _starts; // [channel tile][segment][channel of the tile][class]
    private readonly ushort[] _weights; // [channel tile][step][channel of the tile]
    private readonly int[] _steps;
    private readonly int[] _thresholds;
    private readonly ulong[] _flips; // all ones where a rule is turned round
    private readonly int _segments;
    private readonly AlignedBytes? _byteThresholds; // where one segment counts to 254 at most

    private DensePixelLanes(ConvolutionGeometry geometry, Groups groups, PixelPlan plan, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
        : base(geometry, !rules.IsEmpty, set)
    {
        (_groups, _plan) = (groups, plan);
        _tables = new(groups.TableCount * TableBytes);
        groups.WriteTables(_tables.Span, TableBytes);
        var taps = geometry.Kernel * geometry.Kernel;
        _steps = [.. Enumerable.Range(0, taps * groups.Count).Select(plan.PlaneOf)];
        _segments = (_steps.Length + plan.Segment - 1) / plan.Segment;
        var tiles = Tiles * PixelTile.Channels;
        _weights = new ushort[checked(tiles * _steps.Length)];
        _starts = new(plan.HasBorders ? checked(tiles * _segments * TableBytes) : 0);
        (_thresholds, _flips) = (new int[tiles], new ulong[tiles]);
        Array.Fill(_thresholds, int.MaxValue);
        if (_segments == 1 && plan.LargestStart + (_steps.Length * groups.Bits * groups.Unit) < byte.MaxValue)
        {
            _byteThresholds = new(tiles);
            _byteThresholds.Span.Fill(byte.MaxValue);
        }

        for (var channel = 0; channel < geometry.OutChannels; channel++)
        {
            var (tile, lane) = (channel / PixelTile.Channels, channel % PixelTile.Channels);
            for (var step = 0; step < _steps.Length; step++)
            {
                var words = weights.Slice(((channel * taps) + (step / groups.Count)) * geometry.Input.Blocks, geometry.Input.Blocks);
                _weights[(((tile * _steps.Length) + step) * PixelTile.Channels) + lane] = (ushort)(groups.Extract(words, 1, step % groups.Count) * TableBytes);
            }

            for (var segment = 0; plan.HasBorders && segment < _segments; segment++)
            {
                var place = (((tile * _segments) + segment) * PixelTile.Channels) + lane;
                plan.Starts.AsSpan(((channel * _segments) + segment) * TableBytes, TableBytes).CopyTo(_starts.Span.Slice(place * TableBytes, TableBytes));
            }

            if (rules.IsEmpty)
            {
                continue;
            }

            _thresholds[channel] = CountRules.Threshold(rules[channel], geometry.Terms, groups.Unit) + plan.Biases[channel];
            if (_byteThresholds is not null)
            {
                _byteThresholds.Span[channel] = (byte)Math.Min(_thresholds[channel], byte.MaxValue);
            }

            _flips[channel] = rules[channel].AtLeast ? ulong.MaxValue : 0;
        }
    }

    /// <inheritdoc/>
    public override string Kernel => "tables of 6 bits, pixels side by side";

    private int Tiles => (Geometry.OutChannels + PixelTile.Channels - 1) / PixelTile.Channels;

    private int CounterBytes => checked(_segments * PixelTile.Channels * MostVectors * Lanes);

    /// <summary>Prepares the kernel, or returns null where the sizes do not suit it; no sum may have more than 32767 products.</summary>
    public static DensePixelLanes? TryCreate(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
    {
        var groups = new Groups(geometry.Input.Channels, bits: 6);
        return PixelPlan.TryCreate(geometry, groups, weights) is { } plan ? new(geometry, groups, plan, weights, rules, set) : null;
    }

    /// <inheritdoc/>
    protected internal override int Scratch(int rowCount) => checked(
        CounterBytes + (_plan.PlaneBytes * _groups.Count * _plan.Phases.Length) + (sizeof(ulong) * (_plan.PlaneBytes + (Lanes * Vectors(rowCount)))) + (MostVectors * Lanes));

    /// <inheritdoc/>
    protected internal override void Run(ulong* input, Result result, void* output, int firstRow, int rowCount, byte* scratch)
    {
        var planes = scratch + CounterBytes;
        var words = (ulong*)(planes + ((long)_plan.PlaneBytes * _groups.Count * _plan.Phases.Length) + (MostVectors * Lanes));
        Expand(input, planes, words, firstRow, rowCount);
        var masks = words + _plan.PlaneBytes;
        var vectors = Vectors(rowCount);
        var target = (ulong*)output;
        fixed (ushort* weights = _weights)
        fixed (int* steps = _steps)
        fixed (byte* classes = _plan.Classes)
        fixed (ulong* flips = _flips)
        {
            for (var block = 0; block < Geometry.Output.Blocks; block++)
            {
                var firstTile = block * (Lanes / PixelTile.Channels);
                var tiles = Math.Min(Tiles - firstTile, Lanes / PixelTile.Channels);
                var written = tiles * PixelTile.Channels; // those of absent channels give bits of 0
                new Span<ulong>(masks + ((long)written * vectors), (Lanes - written) * vectors).Clear();
                var places = (vectors + MostVectors - 1) / MostVectors;
                for (var (place, vector) = (0, 0); place < places; place++)
                {
                    var count = (vectors - vector + places - place - 1) / (places - place); // as even as can be
                    for (var tile = 0; tile < tiles; tile++)
                    {
                        var start = _plan.HasBorders ? classes + ((long)firstRow * _plan.Pitch) + (vector * Lanes) : null;
                        var bits = masks + ((long)tile * PixelTile.Channels * vectors) + vector;
                        if (_byteThresholds is not null)
                        {
                            CompareDirectly(count, weights, planes + (vector * Lanes), steps, start, firstTile + tile, flips, bits, vectors);
                            continue;
                        }

                        Count(count, weights, planes + (vector * Lanes), steps, start, firstTile + tile, scratch);
                        Compare(scratch, count, firstTile + tile, bits, vectors);
                    }

                    vector += count;
                }

                for (var vector = 0; vector < vectors; vector++)
                {
                    BitTranspose.Avx512(masks + vector, vectors, words + (vector * Lanes));
                }

                for (var row = 0; row < rowCount; row++)
                {
                    new Span<ulong>(words + (row * _plan.Pitch), Geometry.OutWidth).CopyTo(new(target + Geometry.Output.IndexOf(row, block, 0), Geometry.OutWidth));
                }
            }
        }

        GC.KeepAlive(this);
    }

    private int Vectors(int rowCount) => (((rowCount - 1) * _plan.Pitch) + Geometry.OutWidth + Lanes - 1) / Lanes;

    private void Count(int vectors, ushort* weights, byte* planes, int* steps, byte* classes, int tile, byte* counters)
    {
        weights += (long)tile * _steps.Length * PixelTile.Channels;
        var starts = _starts.Pointer + ((long)tile * _segments * PixelTile.Channels * TableBytes);
        switch (vectors)
        {
            case 1:
                PixelTile.Count<OneVector>(_tables.Pointer, weights, planes, steps, _steps.Length, _plan.Segment, classes, starts, counters);
                break;
            case 2:
                PixelTile.Count<TwoVectors>(_tables.Pointer, weights, planes, steps, _steps.Length, _plan.Segment, classes, starts, counters);
                break;
            default:
                PixelTile.Count<ThreeVectors>(_tables.Pointer, weights, planes, steps, _steps.Length, _plan.Segment, classes, starts, counters);
                break;
        }
    }

    private void CompareDirectly(int vectors, ushort* weights, byte* planes, int* steps, byte* classes, int tile, ulong* flips, ulong* masks, int pitch)
    {
        weights += (long)tile * _steps.Length * PixelTile.Channels;
        flips += tile * PixelTile.Channels;
        var starts = _starts.Pointer + ((long)tile * PixelTile.Channels * TableBytes);
        var thresholds = _byteThresholds!.Pointer + (tile * PixelTile.Channels);
        switch (vectors)
        {
            case 1:
                PixelTile.Compare<OneVector>(_tables.Pointer, weights, planes, steps, _steps.Length, classes, starts, thresholds, flips, masks, pitch);
                break;
            case 2:
                PixelTile.Compare<TwoVectors>(_tables.Pointer, weights, planes, steps, _steps.Length, classes, starts, thresholds, flips, masks, pitch);
                break;
            default:
                PixelTile.Compare<ThreeVectors>(_tables.Pointer, weights, planes, steps, _steps.Length, classes, starts, thresholds, flips, masks, pitch);
                break;
        }
    }

    /// <summary>Adds the counters of all segments and compares them, a word of 64 pixels for each channel and vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compare(byte* counters, int vectors, int tile, ulong* masks, int pitch)
    {
        var stride = PixelTile.Channels * vectors * Lanes;
        var low = Vector512.Create((ushort)byte.MaxValue);
        for (var channel = 0; channel < PixelTile.Channels; channel++, masks += pitch)
        {
            var threshold = _thresholds[(tile * PixelTile.Channels) + channel];
            var flip = _flips[(tile * PixelTile.Channels) + channel];
            for (var vector = 0; vector < vectors; vector++, counters += Lanes)
            {
                ulong bits;
                if (_segments == 1)
                {
                    bits = threshold > byte.MaxValue ? 0 : Vector512.GreaterThanOrEqual(Vector512.Load(counters), Vector512.Create((byte)threshold)).ExtractMostSignificantBits();
                }
                else
                {
                    var limit = Vector512.Create((ushort)Math.Min(threshold, ushort.MaxValue));
                    var total = Vector512.Load(counters).AsUInt16(); // of both bytes, modulo 2^16: what is not in the high one is in the low one
                    var odd = total >>> 8;
                    for (var segment = 1; segment < _segments; segment++)
                    {
                        var next = Vector512.Load(counters + (segment * stride)).AsUInt16();
                        total += next;
                        odd += next >>> 8;
                    }

                    var even = total - (odd << 8);
                    var evenBits = Vector512.GreaterThanOrEqual(even, limit).AsUInt16();
                    var oddBits = Vector512.GreaterThanOrEqual(odd, limit).AsUInt16();
                    bits = Vector512.ConditionalSelect(low, evenBits, oddBits).AsByte().ExtractMostSignificantBits();
                }

                masks[vector] = bits ^ flip;
            }
        }
    }

    /// <summary>Lays the input out as <see cref="PixelPlan"/> says and cuts it into planes.</summary>
    private void Expand(ulong* input, byte* planes, ulong* words, int firstRow, int rowCount)
    {
        var shape = Geometry.Input;
        var rows = rowCount + _plan.PhaseReach;
        var places = ((rows * _plan.Pitch) + _plan.PhaseReach + Lanes - 1) / Lanes * Lanes;
        for (var phase = 0; phase < _plan.Phases.Length; phase++)
        {
            for (var block = 0; block < shape.Blocks; block++)
            {
                Lay(input, words, _plan.Phases[phase], block, firstRow, rows, places);
                var group = block * _groups.PerBlock;
                var target = planes + ((((long)phase * _groups.Count) + group) * _plan.PlaneBytes);
                for (var place = 0; place < places; place += Lanes)
                {
                    IndexPlanes.Write(words + place, Math.Min(_groups.PerBlock, _groups.Count - group), target + place, _plan.PlaneBytes);
                }
            }
        }
    }

    private void Lay(ulong* input, ulong* words, int phase, int block, int firstRow, int rows, int places)
    {
        var (shape, stride, lead) = (Geometry.Input, Geometry.Stride, Geometry.Lead);
        var (rowPhase, columnPhase) = (phase / stride, phase % stride);
        var first = Math.Clamp((lead - columnPhase + stride - 1) / stride, 0, _plan.Pitch);
        var end = Math.Clamp((shape.Width + lead - columnPhase + stride - 1) / stride, first, _plan.Pitch);
        new Span<ulong>(words + ((long)rows * _plan.Pitch), places - (rows * _plan.Pitch)).Clear();
        for (var row = 0; row < rows; row++)
        {
            var y = ((firstRow + row) * stride) + rowPhase - lead;
            if (y < 0 || y >= shape.Height)
            {
                new Span<ulong>(words + ((long)row * _plan.Pitch), _plan.Pitch).Clear();
                continue;
            }

            var source = input + shape.IndexOf(y, block, 0) + columnPhase - lead;
            var target = words + ((long)row * _plan.Pitch);
            new Span<ulong>(target, first).Clear();
            new Span<ulong>(target + end, _plan.Pitch - end).Clear();
            if (stride == 1)
            {
                new Span<ulong>(source + first, end - first).CopyTo(new(target + first, end - first));
                continue;
            }

            for (var index = first; index < end; index++)
            {
                target[index] = source[index * stride];
            }
        }
    }
}
