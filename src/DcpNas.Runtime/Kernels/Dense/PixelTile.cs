using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>The inner loop of <see cref="DensePixelLanes"/>: eight output channels times up to 192 pixels.</summary>
/// <remarks>
/// <see cref="Count"/> and <see cref="Compare"/> hold the same loop, written out once per counter. It cannot be one method that both call: 24 counters
/// would have to come back through memory, and a call inside the loop makes the compiler spill them.
/// </remarks>
internal static unsafe partial class PixelTile
{
    /// <summary>Output channels of a tile.</summary>
    public const int Channels = 8;

    /// <summary>Counts mismatches.</summary>
    /// <remarks>All 24 counters stay in registers: each is a local of its own, because the compiler keeps no array there.</remarks>
    /// <param name="tables">The tables of <see cref="Groups"/>, 64 bytes each.</param>
    /// <param name="weights">Offsets of the tables that the weights select, <c>[step][channel]</c>.</param>
    /// <param name="planes">Six bits of each pixel, a plane for each group.</param>
    /// <param name="steps">Where the plane of each step begins.</param>
    /// <param name="count">Steps, at least 1.</param>
    /// <param name="segment">Steps after which the counters are written and start again.</param>
    /// <param name="classes">The border class of each pixel, or null where there are no borders.</param>
    /// <param name="starts">What counters start with, by border class, <c>[segment][channel][64]</c>.</param>
    /// <param name="counters">Receives the counters, <c>[segment][channel][pixel]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count<TVectors>(byte* tables, ushort* weights, byte* planes, int* steps, int count, int segment, byte* classes, byte* starts, byte* counters)
        where TVectors : struct, IVectorCount
    {
        var step = 0;
        while (step < count)
        {
            var end = Math.Min(count, step + segment);
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
                starts += Channels * 64;
            }

            do
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

                weights += Channels;
                step++;
            }
            while (step < end);

            sum00.Store(counters + (0 * TVectors.Count * 64));
            sum10.Store(counters + (1 * TVectors.Count * 64));
            sum20.Store(counters + (2 * TVectors.Count * 64));
            sum30.Store(counters + (3 * TVectors.Count * 64));
            sum40.Store(counters + (4 * TVectors.Count * 64));
            sum50.Store(counters + (5 * TVectors.Count * 64));
            sum60.Store(counters + (6 * TVectors.Count * 64));
            sum70.Store(counters + (7 * TVectors.Count * 64));
            if (TVectors.Count > 1)
            {
                sum01.Store(counters + (0 * TVectors.Count * 64) + 64);
                sum11.Store(counters + (1 * TVectors.Count * 64) + 64);
                sum21.Store(counters + (2 * TVectors.Count * 64) + 64);
                sum31.Store(counters + (3 * TVectors.Count * 64) + 64);
                sum41.Store(counters + (4 * TVectors.Count * 64) + 64);
                sum51.Store(counters + (5 * TVectors.Count * 64) + 64);
                sum61.Store(counters + (6 * TVectors.Count * 64) + 64);
                sum71.Store(counters + (7 * TVectors.Count * 64) + 64);
            }

            if (TVectors.Count > 2)
            {
                sum02.Store(counters + (0 * TVectors.Count * 64) + 128);
                sum12.Store(counters + (1 * TVectors.Count * 64) + 128);
                sum22.Store(counters + (2 * TVectors.Count * 64) + 128);
                sum32.Store(counters + (3 * TVectors.Count * 64) + 128);
                sum42.Store(counters + (4 * TVectors.Count * 64) + 128);
                sum52.Store(counters + (5 * TVectors.Count * 64) + 128);
                sum62.Store(counters + (6 * TVectors.Count * 64) + 128);
                sum72.Store(counters + (7 * TVectors.Count * 64) + 128);
            }

            counters += Channels * TVectors.Count * 64;
        }
    }
}
