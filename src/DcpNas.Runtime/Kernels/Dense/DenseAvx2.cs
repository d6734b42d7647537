using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Dense convolution by tables on AVX2: groups of four bits, 32 output channels look up at once.</summary>
internal sealed unsafe class DenseAvx2 : DenseTables
{
    private const int TableBytes = 32; // twice the 16 entries, as a byte shuffle stays within 128 bits
    private const int Half = Lanes / 2;

    /// <summary>Prepares the kernel; no sum may have more than 32767 products.</summary>
    public DenseAvx2(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
        : base(geometry, weights, rules, set, bits: 4, TableBytes, mostBlocks: 1)
    {
    }

    /// <inheritdoc/>
    public override string Kernel => "tables of 4 bits, channels side by side";

    /// <summary>In each half of a block, lane 2 i holds channel i, lane 2 i + 1 channel i + 16: split into 16 bits, each part is in order.</summary>
    protected override int ChannelOf(int lane) => (lane & Half) + ((lane & 1) * (Half / 2)) + ((lane & (Half - 1)) >> 1);

    /// <inheritdoc/>
    protected override void Count(byte* weights, ushort** pixels, int blocks, byte* counters)
    {
        fixed (int* steps = Steps)
        {
            Count(Tables.Pointer, weights, pixels, steps, Steps.Length, SegmentSteps, counters);
        }
    }

    /// <inheritdoc/>
    protected override ulong Compare(byte* counters, int stride, ushort* thresholds) =>
        CompareHalf(counters, stride, thresholds) | ((ulong)CompareHalf(counters + Half, stride, thresholds + Half) << Half);

    /// <inheritdoc/>
    protected override void Sum(byte* counters, int stride, short* sums)
    {
        var terms = Vector256.Create((short)Terms);
        var shift = 2 - Groups.Unit;
        for (var half = 0; half < Lanes; half += Half)
        {
            Add(counters + half, Segments, stride, out var low, out var high);
            (terms - (low << shift).AsInt16()).Store(sums + half);
            (terms - (high << shift).AsInt16()).Store(sums + half + (Half / 2));
        }
    }

    /// <inheritdoc/>
    protected override void SumTile(byte* counters, int blocks, short* sums)
    {
        for (var index = 0; index < TilePixels * blocks; index++)
        {
            Sum(counters + (index * Lanes), TilePixels * blocks * Lanes, sums + (index * Lanes));
        }
    }

    /// <inheritdoc/>
    protected override void Expand(ulong* words, int pixels, int step, ushort* target)
    {
        var mask = Vector128.Create((byte)0x0F);
        var (blocks, width, count, perBlock) = (Geometry.Input.Blocks, Geometry.Input.Width, Groups.Count, Groups.PerBlock);
        for (var pixel = 0; pixel < pixels; pixel++, words += step, target += step * count)
        {
            for (var block = 0; block < blocks; block++)
            {
                var word = Vector128.CreateScalar(words[(long)block * width]);
                var nibbles = Sse2.UnpackLow(word.AsByte() & mask, (word >>> 4).AsByte() & mask);
                (Avx2.ConvertToVector256Int16(nibbles).AsUInt16() << 5).Store(target + ((long)block * perBlock));
            }
        }
    }

    private uint CompareHalf(byte* counters, int stride, ushort* thresholds)
    {
        Add(counters, Segments, stride, out var low, out var high);
        var lowBits = Vector256.Equals(Avx2.Max(low, Vector256.Load(thresholds)), low).AsInt16();
        var highBits = Vector256.Equals(Avx2.Max(high, Vector256.Load(thresholds + (Half / 2))), high).AsInt16();
        return (uint)Avx2.MoveMask(Avx2.Permute4x64(Avx2.PackSignedSaturate(lowBits, highBits).AsInt64(), 0b11_01_10_00).AsByte());
    }

    /// <summary>Adds the counters of all segments; the lower 16 channels come out in <paramref name="low"/>, the others in <paramref name="high"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* counters, int segments, int stride, out Vector256<ushort> low, out Vector256<ushort> high)
    {
        var total = Vector256.Load(counters).AsUInt16(); // of both bytes, modulo 2^16: what is not in the high one is in the low one
        high = total >>> 8;
        for (var segment = 1; segment < segments; segment++)
        {
            counters += stride;
            var next = Vector256.Load(counters).AsUInt16();
            total += next;
            high += next >>> 8;
        }

        low = total - (high << 8);
    }

    /// <summary>The inner loop: six pixels times 64 output channels in twelve registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count(byte* tables, byte* weights, ushort** pixels, int* steps, int count, int segment, byte* counters)
    {
        var pixel0 = pixels[0];
        var pixel1 = pixels[1];
        var pixel2 = pixels[2];
        var pixel3 = pixels[3];
        var pixel4 = pixels[4];
        var pixel5 = pixels[5];
        var step = 0;
        while (step < count)
        {
            var end = Math.Min(count, step + segment);
            var sum00 = Vector256<byte>.Zero;
            var sum01 = Vector256<byte>.Zero;
            var sum10 = Vector256<byte>.Zero;
            var sum11 = Vector256<byte>.Zero;
            var sum20 = Vector256<byte>.Zero;
            var sum21 = Vector256<byte>.Zero;
            var sum30 = Vector256<byte>.Zero;
            var sum31 = Vector256<byte>.Zero;
            var sum40 = Vector256<byte>.Zero;
            var sum41 = Vector256<byte>.Zero;
            var sum50 = Vector256<byte>.Zero;
            var sum51 = Vector256<byte>.Zero;
            do
            {
                nint offset = steps[step];
                var weight0 = Vector256.Load(weights);
                var weight1 = Vector256.Load(weights + Half);
                var table0 = Vector256.Load(tables + (nuint)pixel0[offset]);
                sum00 = Avx2.AddSaturate(sum00, Avx2.Shuffle(table0, weight0));
                sum01 = Avx2.AddSaturate(sum01, Avx2.Shuffle(table0, weight1));
                var table1 = Vector256.Load(tables + (nuint)pixel1[offset]);
                sum10 = Avx2.AddSaturate(sum10, Avx2.Shuffle(table1, weight0));
                sum11 = Avx2.AddSaturate(sum11, Avx2.Shuffle(table1, weight1));
                var table2 = Vector256.Load(tables + (nuint)pixel2[offset]);
                sum20 = Avx2.AddSaturate(sum20, Avx2.Shuffle(table2, weight0));
                sum21 = Avx2.AddSaturate(sum21, Avx2.Shuffle(table2, weight1));
                var table3 = Vector256.Load(tables + (nuint)pixel3[offset]);
                sum30 = Avx2.AddSaturate(sum30, Avx2.Shuffle(table3, weight0));
                sum31 = Avx2.AddSaturate(sum31, Avx2.Shuffle(table3, weight1));
                var table4 = Vector256.Load(tables + (nuint)pixel4[offset]);
                sum40 = Avx2.AddSaturate(sum40, Avx2.Shuffle(table4, weight0));
                sum41 = Avx2.AddSaturate(sum41, Avx2.Shuffle(table4, weight1));
                var table5 = Vector256.Load(tables + (nuint)pixel5[offset]);
                sum50 = Avx2.AddSaturate(sum50, Avx2.Shuffle(table5, weight0));
                sum51 = Avx2.AddSaturate(sum51, Avx2.Shuffle(table5, weight1));
                weights += Lanes;
                step++;
            }
            while (step < end);

            sum00.Store(counters + (0 * Lanes));
            sum01.Store(counters + (0 * Lanes) + Half);
            sum10.Store(counters + (1 * Lanes));
            sum11.Store(counters + (1 * Lanes) + Half);
            sum20.Store(counters + (2 * Lanes));
            sum21.Store(counters + (2 * Lanes) + Half);
            sum30.Store(counters + (3 * Lanes));
            sum31.Store(counters + (3 * Lanes) + Half);
            sum40.Store(counters + (4 * Lanes));
            sum41.Store(counters + (4 * Lanes) + Half);
            sum50.Store(counters + (5 * Lanes));
            sum51.Store(counters + (5 * Lanes) + Half);
            counters += TilePixels * Lanes;
        }
    }
}
