using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>What this processor can do at best: its clock, and how many table look-ups with their additions it makes in a cycle.</summary>
internal static unsafe class Roofline
{
    private const int Rounds = 200_000;

    /// <summary>Clock in GHz, from a chain of dependent additions, one a cycle.</summary>
    public static double Gigahertz() => Best(Chain) is var time ? Rounds * 16.0 / time : 0;

    /// <summary>1-bit products in a nanosecond of the look-ups of AVX-512 (6 bits, 64 lanes) or AVX2 (4 bits, 32 lanes).</summary>
    public static double Gigamacs(InstructionSet set) =>
        set == InstructionSet.Avx512 ? Rounds * 24.0 * 384 / Best(Wide) : Rounds * 12.0 * 128 / Best(Narrow);

    private static double Best(Action work)
    {
        var best = double.MaxValue;
        for (var repeat = 0; repeat < 15; repeat++)
        {
            var start = ThreadClock.Now();
            work();
            best = Math.Min(best, ThreadClock.Now() - start);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Chain()
    {
        var sum = 1UL;
        var step = (ulong)Environment.TickCount64;
        for (var round = 0; round < Rounds; round++)
        {
            // Sixteen additions, each of which needs the one before.
            sum += step; sum ^= step; sum += step; sum ^= step; sum += step; sum ^= step; sum += step; sum ^= step;
            sum += step; sum ^= step; sum += step; sum ^= step; sum += step; sum ^= step; sum += step; sum ^= step;
        }

        Keep(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Wide()
    {
        var memory = stackalloc byte[4096];
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
        for (var round = 0; round < Rounds; round++)
        {
            var source = memory + ((round & 7) * 64);
            var index0 = Vector512.Load(source + 0);
            var index1 = Vector512.Load(source + 64);
            var index2 = Vector512.Load(source + 128);
            var index3 = Vector512.Load(source + 192);
            var table0 = Vector512.Load(source + 512);
            sum00 = Avx512BW.AddSaturate(sum00, Avx512Vbmi.PermuteVar64x8(table0, index0));
            sum01 = Avx512BW.AddSaturate(sum01, Avx512Vbmi.PermuteVar64x8(table0, index1));
            sum02 = Avx512BW.AddSaturate(sum02, Avx512Vbmi.PermuteVar64x8(table0, index2));
            sum03 = Avx512BW.AddSaturate(sum03, Avx512Vbmi.PermuteVar64x8(table0, index3));
            var table1 = Vector512.Load(source + 576);
            sum10 = Avx512BW.AddSaturate(sum10, Avx512Vbmi.PermuteVar64x8(table1, index0));
            sum11 = Avx512BW.AddSaturate(sum11, Avx512Vbmi.PermuteVar64x8(table1, index1));
            sum12 = Avx512BW.AddSaturate(sum12, Avx512Vbmi.PermuteVar64x8(table1, index2));
            sum13 = Avx512BW.AddSaturate(sum13, Avx512Vbmi.PermuteVar64x8(table1, index3));
            var table2 = Vector512.Load(source + 640);
            sum20 = Avx512BW.AddSaturate(sum20, Avx512Vbmi.PermuteVar64x8(table2, index0));
            sum21 = Avx512BW.AddSaturate(sum21, Avx512Vbmi.PermuteVar64x8(table2, index1));
            sum22 = Avx512BW.AddSaturate(sum22, Avx512Vbmi.PermuteVar64x8(table2, index2));
            sum23 = Avx512BW.AddSaturate(sum23, Avx512Vbmi.PermuteVar64x8(table2, index3));
            var table3 = Vector512.Load(source + 704);
            sum30 = Avx512BW.AddSaturate(sum30, Avx512Vbmi.PermuteVar64x8(table3, index0));
            sum31 = Avx512BW.AddSaturate(sum31, Avx512Vbmi.PermuteVar64x8(table3, index1));
            sum32 = Avx512BW.AddSaturate(sum32, Avx512Vbmi.PermuteVar64x8(table3, index2));
            sum33 = Avx512BW.AddSaturate(sum33, Avx512Vbmi.PermuteVar64x8(table3, index3));
            var table4 = Vector512.Load(source + 768);
            sum40 = Avx512BW.AddSaturate(sum40, Avx512Vbmi.PermuteVar64x8(table4, index0));
            sum41 = Avx512BW.AddSaturate(sum41, Avx512Vbmi.PermuteVar64x8(table4, index1));
            sum42 = Avx512BW.AddSaturate(sum42, Avx512Vbmi.PermuteVar64x8(table4, index2));
            sum43 = Avx512BW.AddSaturate(sum43, Avx512Vbmi.PermuteVar64x8(table4, index3));
            var table5 = Vector512.Load(source + 832);
            sum50 = Avx512BW.AddSaturate(sum50, Avx512Vbmi.PermuteVar64x8(table5, index0));
            sum51 = Avx512BW.AddSaturate(sum51, Avx512Vbmi.PermuteVar64x8(table5, index1));
            sum52 = Avx512BW.AddSaturate(sum52, Avx512Vbmi.PermuteVar64x8(table5, index2));
            sum53 = Avx512BW.AddSaturate(sum53, Avx512Vbmi.PermuteVar64x8(table5, index3));
        }

        Keep((sum00 ^ sum01 ^ sum02 ^ sum03 ^ sum10 ^ sum11 ^ sum12 ^ sum13 ^ sum20 ^ sum21 ^ sum22 ^ sum23 ^ sum30 ^ sum31 ^ sum32 ^ sum33 ^ sum40 ^ sum41 ^ sum42 ^ sum43 ^ sum50 ^ sum51 ^ sum52 ^ sum53).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Narrow()
    {
        var memory = stackalloc byte[4096];
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
        for (var round = 0; round < Rounds; round++)
        {
            var source = memory + ((round & 7) * 64);
            var index0 = Vector256.Load(source + 0);
            var index1 = Vector256.Load(source + 64);
            var table0 = Vector256.Load(source + 512);
            sum00 = Avx2.AddSaturate(sum00, Avx2.Shuffle(table0, index0));
            sum01 = Avx2.AddSaturate(sum01, Avx2.Shuffle(table0, index1));
            var table1 = Vector256.Load(source + 576);
            sum10 = Avx2.AddSaturate(sum10, Avx2.Shuffle(table1, index0));
            sum11 = Avx2.AddSaturate(sum11, Avx2.Shuffle(table1, index1));
            var table2 = Vector256.Load(source + 640);
            sum20 = Avx2.AddSaturate(sum20, Avx2.Shuffle(table2, index0));
            sum21 = Avx2.AddSaturate(sum21, Avx2.Shuffle(table2, index1));
            var table3 = Vector256.Load(source + 704);
            sum30 = Avx2.AddSaturate(sum30, Avx2.Shuffle(table3, index0));
            sum31 = Avx2.AddSaturate(sum31, Avx2.Shuffle(table3, index1));
            var table4 = Vector256.Load(source + 768);
            sum40 = Avx2.AddSaturate(sum40, Avx2.Shuffle(table4, index0));
            sum41 = Avx2.AddSaturate(sum41, Avx2.Shuffle(table4, index1));
            var table5 = Vector256.Load(source + 832);
            sum50 = Avx2.AddSaturate(sum50, Avx2.Shuffle(table5, index0));
            sum51 = Avx2.AddSaturate(sum51, Avx2.Shuffle(table5, index1));
        }

        Keep((sum00 ^ sum01 ^ sum10 ^ sum11 ^ sum20 ^ sum21 ^ sum30 ^ sum31 ^ sum40 ^ sum41 ^ sum50 ^ sum51).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(ulong value)
    {
        if (value == 0x123456789)
        {
            Console.Error.WriteLine(value);
        }
    }
}
