using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Dense;

/// <content>Counting with the threshold fused into it.</content>
internal static unsafe partial class PixelTile
{
    /// <summary>Counts mismatches of one segment and compares them at once.</summary>
    /// <param name="tables">As in <see cref="Count"/>, and so are all up to <paramref name="starts"/>.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="planes">The planes.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="count">Steps; no count may exceed 254.</param>
    /// <param name="classes">The border classes, or null.</param>
    /// <param name="starts">What counters start with.</param>
    /// <param name="thresholds">The smallest count of each channel whose bit is 1; 255 where none is.</param>
    /// <param name="flips">All ones for each channel whose bits are turned round.</param>
    /// <param name="masks">Receives the bits of 64 pixels a word, for each channel and vector.</param>
    /// <param name="pitch">Words between channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compare<TVectors>(
        byte* tables, ushort* weights, byte* planes, int* steps, int count, byte* classes, byte* starts, byte* thresholds, ulong* flips, ulong* masks, nint pitch)
        where TVectors : struct, IVectorCount
    {
        var sum00 = Vector512<byte>.Zero;
        var sum01 = Vector512<byte>.Zero;
        var sum02 = Vector512<byte>.Zero;
        var sum10 = Vector512<byte>.Zero;
        var sum11 = Vector512<byte>.Zero;
        var sum12 = Vector512<byte>.Zero;
        var sum20 = Vector512<byte>.Zero;
        var sum21 = Vector512<byte>.Zero;
        var sum22 = Vector512<byte>.Zero;
        var sum30 = Vector512<byte>.Zero;
        var sum31 = Vector512<byte>.Zero;
        var sum32 = Vector512<byte>.Zero;
        var sum40 = Vector512<byte>.Zero;
        var sum41 = Vector512<byte>.Zero;
        var sum42 = Vector512<byte>.Zero;
        var sum50 = Vector512<byte>.Zero;
        var sum51 = Vector512<byte>.Zero;
        var sum52 = Vector512<byte>.Zero;
        var sum60 = Vector512<byte>.Zero;
        var sum61 = Vector512<byte>.Zero;
        var sum62 = Vector512<byte>.Zero;
        var sum70 = Vector512<byte>.Zero;
        var sum71 = Vector512<byte>.Zero;
        var sum72 = Vector512<byte>.Zero;
        if (classes != null)
        {
            var class0 = Vector512.Load(classes);
            var class1 = TVectors.Count > 1 ? Vector512.Load(classes + 64) : default;
            var class2 = TVectors.Count > 2 ? Vector512.Load(classes + 128) : default;
            var start0 = Vector512.Load(starts + 0);
            sum00 = Avx512Vbmi.PermuteVar64x8(start0, class0);
            sum01 = Avx512Vbmi.PermuteVar64x8(start0, class1);
            sum02 = Avx512Vbmi.PermuteVar64x8(start0, class2);
            var start1 = Vector512.Load(starts + 64);
            sum10 = Avx512Vbmi.PermuteVar64x8(start1, class0);
            sum11 = Avx512Vbmi.PermuteVar64x8(start1, class1);
            sum12 = Avx512Vbmi.PermuteVar64x8(start1, class2);
            var start2 = Vector512.Load(starts + 128);
            sum20 = Avx512Vbmi.PermuteVar64x8(start2, class0);
            sum21 = Avx512Vbmi.PermuteVar64x8(start2, class1);
            sum22 = Avx512Vbmi.PermuteVar64x8(start2, class2);
            var start3 = Vector512.Load(starts + 192);
            sum30 = Avx512Vbmi.PermuteVar64x8(start3, class0);
            sum31 = Avx512Vbmi.PermuteVar64x8(start3, class1);
            sum32 = Avx512Vbmi.PermuteVar64x8(start3, class2);
            var start4 = Vector512.Load(starts + 256);
            sum40 = Avx512Vbmi.PermuteVar64x8(start4, class0);
            sum41 = Avx512Vbmi.PermuteVar64x8(start4, class1);
            sum42 = Avx512Vbmi.PermuteVar64x8(start4, class2);
            var start5 = Vector512.Load(starts + 320);
            sum50 = Avx512Vbmi.PermuteVar64x8(start5, class0);
            sum51 = Avx512Vbmi.PermuteVar64x8(start5, class1);
            sum52 = Avx512Vbmi.PermuteVar64x8(start5, class2);
            var start6 = Vector512.Load(starts + 384);
            sum60 = Avx512Vbmi.PermuteVar64x8(start6, class0);
            sum61 = Avx512Vbmi.PermuteVar64x8(start6, class1);
            sum62 = Avx512Vbmi.PermuteVar64x8(start6, class2);
            var start7 = Vector512.Load(starts + 448);
            sum70 = Avx512Vbmi.PermuteVar64x8(start7, class0);
            sum71 = Avx512Vbmi.PermuteVar64x8(start7, class1);
            sum72 = Avx512Vbmi.PermuteVar64x8(start7, class2);
        }

        for (var step = 0; step < count; step++, weights += Channels)
        {
            var plane = planes + steps[step];
            var index0 = Vector512.Load(plane);
            var index1 = TVectors.Count > 1 ? Vector512.Load(plane + 64) : default;
            var index2 = TVectors.Count > 2 ? Vector512.Load(plane + 128) : default;

            var table0 = Vector512.Load(tables + (nuint)weights[0]);
            sum00 = Avx512BW.AddSaturate(sum00, Avx512Vbmi.PermuteVar64x8(table0, index0));
            if (TVectors.Count > 1)
            {
                sum01 = Avx512BW.AddSaturate(sum01, Avx512Vbmi.PermuteVar64x8(table0, index1));
            }

            if (TVectors.Count > 2)
            {
                sum02 = Avx512BW.AddSaturate(sum02, Avx512Vbmi.PermuteVar64x8(table0, index2));
            }


            var table1 = Vector512.Load(tables + (nuint)weights[1]);
            sum10 = Avx512BW.AddSaturate(sum10, Avx512Vbmi.PermuteVar64x8(table1, index0));
            if (TVectors.Count > 1)
            {
                sum11 = Avx512BW.AddSaturate(sum11, Avx512Vbmi.PermuteVar64x8(table1, index1));
            }

            if (TVectors.Count > 2)
            {
                sum12 = Avx512BW.AddSaturate(sum12, Avx512Vbmi.PermuteVar64x8(table1, index2));
            }


            var table2 = Vector512.Load(tables + (nuint)weights[2]);
            sum20 = Avx512BW.AddSaturate(sum20, Avx512Vbmi.PermuteVar64x8(table2, index0));
            if (TVectors.Count > 1)
            {
                sum21 = Avx512BW.AddSaturate(sum21, Avx512Vbmi.PermuteVar64x8(table2, index1));
            }

            if (TVectors.Count > 2)
            {
                sum22 = Avx512BW.AddSaturate(sum22, Avx512Vbmi.PermuteVar64x8(table2, index2));
            }


            var table3 = Vector512.Load(tables + (nuint)weights[3]);
            sum30 = Avx512BW.AddSaturate(sum30, Avx512Vbmi.PermuteVar64x8(table3, index0));
            if (TVectors.Count > 1)
            {
                sum31 = Avx512BW.AddSaturate(sum31, Avx512Vbmi.PermuteVar64x8(table3, index1));
            }

            if (TVectors.Count > 2)
            {
                sum32 = Avx512BW.AddSaturate(sum32, Avx512Vbmi.PermuteVar64x8(table3, index2));
            }


            var table4 = Vector512.Load(tables + (nuint)weights[4]);
            sum40 = Avx512BW.AddSaturate(sum40, Avx512Vbmi.PermuteVar64x8(table4, index0));
            if (TVectors.Count > 1)
            {
                sum41 = Avx512BW.AddSaturate(sum41, Avx512Vbmi.PermuteVar64x8(table4, index1));
            }

            if (TVectors.Count > 2)
            {
                sum42 = Avx512BW.AddSaturate(sum42, Avx512Vbmi.PermuteVar64x8(table4, index2));
            }


            var table5 = Vector512.Load(tables + (nuint)weights[5]);
            sum50 = Avx512BW.AddSaturate(sum50, Avx512Vbmi.PermuteVar64x8(table5, index0));
            if (TVectors.Count > 1)
            {
                sum51 = Avx512BW.AddSaturate(sum51, Avx512Vbmi.PermuteVar64x8(table5, index1));
            }

            if (TVectors.Count > 2)
            {
                sum52 = Avx512BW.AddSaturate(sum52, Avx512Vbmi.PermuteVar64x8(table5, index2));
            }


            var table6 = Vector512.Load(tables + (nuint)weights[6]);
            sum60 = Avx512BW.AddSaturate(sum60, Avx512Vbmi.PermuteVar64x8(table6, index0));
            if (TVectors.Count > 1)
            {
                sum61 = Avx512BW.AddSaturate(sum61, Avx512Vbmi.PermuteVar64x8(table6, index1));
            }

            if (TVectors.Count > 2)
            {
                sum62 = Avx512BW.AddSaturate(sum62, Avx512Vbmi.PermuteVar64x8(table6, index2));
            }


            var table7 = Vector512.Load(tables + (nuint)weights[7]);
            sum70 = Avx512BW.AddSaturate(sum70, Avx512Vbmi.PermuteVar64x8(table7, index0));
            if (TVectors.Count > 1)
            {
                sum71 = Avx512BW.AddSaturate(sum71, Avx512Vbmi.PermuteVar64x8(table7, index1));
            }

            if (TVectors.Count > 2)
            {
                sum72 = Avx512BW.AddSaturate(sum72, Avx512Vbmi.PermuteVar64x8(table7, index2));
            }
        }

        Write<TVectors>(sum00, sum01, sum02, thresholds[0], flips[0], masks);
        Write<TVectors>(sum10, sum11, sum12, thresholds[1], flips[1], masks + pitch);
        Write<TVectors>(sum20, sum21, sum22, thresholds[2], flips[2], masks + (2 * pitch));
        Write<TVectors>(sum30, sum31, sum32, thresholds[3], flips[3], masks + (3 * pitch));
        Write<TVectors>(sum40, sum41, sum42, thresholds[4], flips[4], masks + (4 * pitch));
        Write<TVectors>(sum50, sum51, sum52, thresholds[5], flips[5], masks + (5 * pitch));
        Write<TVectors>(sum60, sum61, sum62, thresholds[6], flips[6], masks + (6 * pitch));
        Write<TVectors>(sum70, sum71, sum72, thresholds[7], flips[7], masks + (7 * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TVectors>(Vector512<byte> sum0, Vector512<byte> sum1, Vector512<byte> sum2, byte threshold, ulong flip, ulong* masks)
        where TVectors : struct, IVectorCount
    {
        var limit = Vector512.Create(threshold);
        masks[0] = Vector512.GreaterThanOrEqual(sum0, limit).ExtractMostSignificantBits() ^ flip;
        if (TVectors.Count > 1)
        {
            masks[1] = Vector512.GreaterThanOrEqual(sum1, limit).ExtractMostSignificantBits() ^ flip;
        }

        if (TVectors.Count > 2)
        {
            masks[2] = Vector512.GreaterThanOrEqual(sum2, limit).ExtractMostSignificantBits() ^ flip;
        }
    }
}
