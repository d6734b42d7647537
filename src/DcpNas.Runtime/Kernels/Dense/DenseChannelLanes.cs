using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Dense convolution by tables on AVX-512: groups of six bits, 64 output channels look up at once.</summary>
internal sealed unsafe class DenseChannelLanes : DenseTables
{
    private const int TableBytes = 64;
    private const int MostBlocks = 4;

    /// <summary>Prepares the kernel; no sum may have more than 32767 products.</summary>
    public DenseChannelLanes(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
        : base(geometry, weights, rules, set, bits: 6, TableBytes, MostBlocks)
    {
    }

    /// <inheritdoc/>
    public override string Kernel => "tables of 6 bits, channels side by side";

    /// <summary>Lane 2 i holds channel i, lane 2 i + 1 channel i + 32: split into 16 bits, each half is in order.</summary>
    protected override int ChannelOf(int lane) => ((lane & 1) * (Lanes / 2)) + (lane >> 1);

    /// <inheritdoc/>
    protected override void Count(byte* weights, ushort** pixels, int blocks, byte* counters)
    {
        fixed (int* steps = Steps)
        {
            switch (blocks)
            {
                case 1:
                    ChannelTile.Count<OneVector>(Tables.Pointer, weights, pixels, steps, Steps.Length, SegmentSteps, counters);
                    break;
                case 2:
                    ChannelTile.Count<TwoVectors>(Tables.Pointer, weights, pixels, steps, Steps.Length, SegmentSteps, counters);
                    break;
                case 3:
                    ChannelTile.Count<ThreeVectors>(Tables.Pointer, weights, pixels, steps, Steps.Length, SegmentSteps, counters);
                    break;
                default:
                    ChannelTile.Count<FourVectors>(Tables.Pointer, weights, pixels, steps, Steps.Length, SegmentSteps, counters);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override ulong Compare(byte* counters, int stride, ushort* thresholds)
    {
        Add(counters, Segments, stride, out var low, out var high);
        var lowBits = Vector512.GreaterThanOrEqual(low, Vector512.Load(thresholds)).ExtractMostSignificantBits();
        var highBits = Vector512.GreaterThanOrEqual(high, Vector512.Load(thresholds + (Lanes / 2))).ExtractMostSignificantBits();
        return lowBits | (highBits << (Lanes / 2));
    }

    /// <inheritdoc/>
    protected override void Sum(byte* counters, int stride, short* sums)
    {
        Add(counters, Segments, stride, out var low, out var high);
        var terms = Vector512.Create((short)Terms);
        var shift = 2 - Groups.Unit;
        (terms - (low << shift).AsInt16()).Store(sums);
        (terms - (high << shift).AsInt16()).Store(sums + (Lanes / 2));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void SumTile(byte* counters, int blocks, short* sums)
    {
        var (segments, stride) = (Segments, TilePixels * blocks * Lanes);
        var terms = Vector512.Create((short)Terms);
        var shift = 2 - Groups.Unit;
        for (var index = 0; index < TilePixels * blocks; index++, counters += Lanes, sums += Lanes)
        {
            Add(counters, segments, stride, out var low, out var high);
            (terms - (low << shift).AsInt16()).Store(sums);
            (terms - (high << shift).AsInt16()).Store(sums + (Lanes / 2));
        }
    }

    /// <inheritdoc/>
    protected override void Expand(ulong* words, int pixels, int step, ushort* target)
    {
        // Bit positions wrap round at 64: the last group of a word keeps its four bits only.
        var shifts = Vector128.Create((byte)0, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 0, 0, 0, 0, 0);
        var mask = Vector128.Create(0x3F3F3F3F3F3F3F3FUL, 0x00000000000F3F3FUL).AsByte();
        var (blocks, width, count, perBlock) = (Geometry.Input.Blocks, Geometry.Input.Width, Groups.Count, Groups.PerBlock);
        for (var pixel = 0; pixel < pixels; pixel++, words += step, target += step * count)
        {
            for (var block = 0; block < blocks; block++)
            {
                var bytes = Avx512Vbmi.VL.MultiShift(shifts, Vector128.Create(words[(long)block * width])) & mask;
                (Avx2.ConvertToVector256Int16(bytes).AsUInt16() << 6).Store(target + ((long)block * perBlock));
            }
        }
    }

    /// <summary>Adds the counters of all segments; channels 0 to 31 come out in <paramref name="low"/>, 32 to 63 in <paramref name="high"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* counters, int segments, int stride, out Vector512<ushort> low, out Vector512<ushort> high)
    {
        var total = Vector512.Load(counters).AsUInt16(); // of both bytes, modulo 2^16: what is not in the high one is in the low one
        high = total >>> 8;
        for (var segment = 1; segment < segments; segment++)
        {
            counters += stride;
            var next = Vector512.Load(counters).AsUInt16();
            total += next;
            high += next >>> 8;
        }

        low = total - (high << 8);
    }
}
