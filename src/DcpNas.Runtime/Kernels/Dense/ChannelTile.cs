using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>The inner loop of <see cref="DenseChannelLanes"/>: six pixels times up to 256 output channels.</summary>
internal static unsafe class ChannelTile
{
    /// <summary>Pixels of a tile.</summary>
    public const int Pixels = 6;

    /// <summary>Counts mismatches.</summary>
    /// <remarks>All 24 counters stay in registers: each is a local of its own, because the compiler keeps no array there.</remarks>
    /// <param name="tables">The tables of <see cref="Groups"/>, 64 bytes each.</param>
    /// <param name="weights">Weights of each step, one byte per output channel.</param>
    /// <param name="pixels">Six pointers to the offsets of the tables of a pixel's first tap.</param>
    /// <param name="steps">Where the offset of each step lies from there.</param>
    /// <param name="count">Steps, at least 1.</param>
    /// <param name="segment">Steps after which the counters are written and start again.</param>
    /// <param name="counters">Receives the counters, <c>[segment][pixel][channel]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count<TVectors>(byte* tables, byte* weights, ushort** pixels, int* steps, int count, int segment, byte* counters)
        where TVectors : struct, IVectorCount
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
            var sum00 = Vector512<byte>.Zero;
            var sum01 = Vector512<byte>.Zero;
            var sum02 = Vector512<byte>.Zero;
            var sum03 = Vector512<byte>.Zero;
            var sum10 = Vector512<byte>.Zero;
            var sum11 = Vector512<byte>.Zero;
            var sum12 = Vector512<byte>.Zero;
            var sum13 = Vector512<byte>.Zero;
            var sum20 = Vector512<byte>.Zero;
            var sum21 = Vector512<byte>.Zero;
            var sum22 = Vector512<byte>.Zero;
            var sum23 = Vector512<byte>.Zero;
            var sum30 = Vector512<byte>.Zero;
            var sum31 = Vector512<byte>.Zero;
            var sum32 = Vector512<byte>.Zero;
            var sum33 = Vector512<byte>.Zero;
            var sum40 = Vector512<byte>.Zero;
            var sum41 = Vector512<byte>.Zero;
            var sum42 = Vector512<byte>.Zero;
            var sum43 = Vector512<byte>.Zero;
            var sum50 = Vector512<byte>.Zero;
            var sum51 = Vector512<byte>.Zero;
            var sum52 = Vector512<byte>.Zero;
            var sum53 = Vector512<byte>.Zero;
            do
            {
                nint offset = steps[step];
                var weight0 = Vector512.Load(weights);
                var weight1 = TVectors.Count > 1 ? Vector512.Load(weights + 64) : default;
                var weight2 = TVectors.Count > 2 ? Vector512.Load(weights + 128) : default;
                var weight3 = TVectors.Count > 3 ? Vector512.Load(weights + 192) : default;

                var table0 = Vector512.Load(tables + (nuint)pixel0[offset]);
                sum00 = Avx512BW.AddSaturate(sum00, Avx512Vbmi.PermuteVar64x8(table0, weight0));
                if (TVectors.Count > 1)
                {
                    sum01 = Avx512BW.AddSaturate(sum01, Avx512Vbmi.PermuteVar64x8(table0, weight1));
                }

                if (TVectors.Count > 2)
                {
                    sum02 = Avx512BW.AddSaturate(sum02, Avx512Vbmi.PermuteVar64x8(table0, weight2));
                }

                if (TVectors.Count > 3)
                {
                    sum03 = Avx512BW.AddSaturate(sum03, Avx512Vbmi.PermuteVar64x8(table0, weight3));
                }

                var table1 = Vector512.Load(tables + (nuint)pixel1[offset]);
                sum10 = Avx512BW.AddSaturate(sum10, Avx512Vbmi.PermuteVar64x8(table1, weight0));
                if (TVectors.Count > 1)
                {
                    sum11 = Avx512BW.AddSaturate(sum11, Avx512Vbmi.PermuteVar64x8(table1, weight1));
                }

                if (TVectors.Count > 2)
                {
                    sum12 = Avx512BW.AddSaturate(sum12, Avx512Vbmi.PermuteVar64x8(table1, weight2));
                }

                if (TVectors.Count > 3)
                {
                    sum13 = Avx512BW.AddSaturate(sum13, Avx512Vbmi.PermuteVar64x8(table1, weight3));
                }

                var table2 = Vector512.Load(tables + (nuint)pixel2[offset]);
                sum20 = Avx512BW.AddSaturate(sum20, Avx512Vbmi.PermuteVar64x8(table2, weight0));
                if (TVectors.Count > 1)
                {
                    sum21 = Avx512BW.AddSaturate(sum21, Avx512Vbmi.PermuteVar64x8(table2, weight1));
                }

                if (TVectors.Count > 2)
                {
                    sum22 = Avx512BW.AddSaturate(sum22, Avx512Vbmi.PermuteVar64x8(table2, weight2));
                }

                if (TVectors.Count > 3)
                {
                    sum23 = Avx512BW.AddSaturate(sum23, Avx512Vbmi.PermuteVar64x8(table2, weight3));
                }

                var table3 = Vector512.Load(tables + (nuint)pixel3[offset]);
                sum30 = Avx512BW.AddSaturate(sum30, Avx512Vbmi.PermuteVar64x8(table3, weight0));
                if (TVectors.Count > 1)
                {
                    sum31 = Avx512BW.AddSaturate(sum31, Avx512Vbmi.PermuteVar64x8(table3, weight1));
                }

                if (TVectors.Count > 2)
                {
                    sum32 = Avx512BW.AddSaturate(sum32, Avx512Vbmi.PermuteVar64x8(table3, weight2));
                }

                if (TVectors.Count > 3)
                {
                    sum33 = Avx512BW.AddSaturate(sum33, Avx512Vbmi.PermuteVar64x8(table3, weight3));
                }

                var table4 = Vector512.Load(tables + (nuint)pixel4[offset]);
                sum40 = Avx512BW.AddSaturate(sum40, Avx512Vbmi.PermuteVar64x8(table4, weight0));
                if (TVectors.Count > 1)
                {
                    sum41 = Avx512BW.AddSaturate(sum41, Avx512Vbmi.PermuteVar64x8(table4, weight1));
                }

                if (TVectors.Count > 2)
                {
                    sum42 = Avx512BW.AddSaturate(sum42, Avx512Vbmi.PermuteVar64x8(table4, weight2));
                }

                if (TVectors.Count > 3)
                {
                    sum43 = Avx512BW.AddSaturate(sum43, Avx512Vbmi.PermuteVar64x8(table4, weight3));
                }

                var table5 = Vector512.Load(tables + (nuint)pixel5[offset]);
                sum50 = Avx512BW.AddSaturate(sum50, Avx512Vbmi.PermuteVar64x8(table5, weight0));
                if (TVectors.Count > 1)
                {
                    sum51 = Avx512BW.AddSaturate(sum51, Avx512Vbmi.PermuteVar64x8(table5, weight1));
                }

                if (TVectors.Count > 2)
                {
                    sum52 = Avx512BW.AddSaturate(sum52, Avx512Vbmi.PermuteVar64x8(table5, weight2));
                }

                if (TVectors.Count > 3)
                {
                    sum53 = Avx512BW.AddSaturate(sum53, Avx512Vbmi.PermuteVar64x8(table5, weight3));
                }

                weights += TVectors.Count * 64;
                step++;
            }
            while (step < end);

            sum00.Store(counters + (0 * TVectors.Count * 64));
            sum10.Store(counters + (1 * TVectors.Count * 64));
            sum20.Store(counters + (2 * TVectors.Count * 64));
            sum30.Store(counters + (3 * TVectors.Count * 64));
            sum40.Store(counters + (4 * TVectors.Count * 64));
            sum50.Store(counters + (5 * TVectors.Count * 64));
            if (TVectors.Count > 1)
            {
                sum01.Store(counters + (0 * TVectors.Count * 64) + 64);
                sum11.Store(counters + (1 * TVectors.Count * 64) + 64);
                sum21.Store(counters + (2 * TVectors.Count * 64) + 64);
                sum31.Store(counters + (3 * TVectors.Count * 64) + 64);
                sum41.Store(counters + (4 * TVectors.Count * 64) + 64);
                sum51.Store(counters + (5 * TVectors.Count * 64) + 64);
            }

            if (TVectors.Count > 2)
            {
                sum02.Store(counters + (0 * TVectors.Count * 64) + 128);
                sum12.Store(counters + (1 * TVectors.Count * 64) + 128);
                sum22.Store(counters + (2 * TVectors.Count * 64) + 128);
                sum32.Store(counters + (3 * TVectors.Count * 64) + 128);
                sum42.Store(counters + (4 * TVectors.Count * 64) + 128);
                sum52.Store(counters + (5 * TVectors.Count * 64) + 128);
            }

            if (TVectors.Count > 3)
            {
                sum03.Store(counters + (0 * TVectors.Count * 64) + 192);
                sum13.Store(counters + (1 * TVectors.Count * 64) + 192);
                sum23.Store(counters + (2 * TVectors.Count * 64) + 192);
                sum33.Store(counters + (3 * TVectors.Count * 64) + 192);
                sum43.Store(counters + (4 * TVectors.Count * 64) + 192);
                sum53.Store(counters + (5 * TVectors.Count * 64) + 192);
            }

            counters += Pixels * TVectors.Count * 64;
        }
    }
}
