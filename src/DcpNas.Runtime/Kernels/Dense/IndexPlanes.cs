using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Cuts words into groups of six bits, a plane of bytes for each group, on AVX-512.</summary>
internal static unsafe class IndexPlanes
{
    /// <summary>Cuts 64 words.</summary>
    /// <param name="words">64 words.</param>
    /// <param name="groups">Planes to write, 1 to 11.</param>
    /// <param name="target">The first plane.</param>
    /// <param name="pitch">Bytes between planes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(ulong* words, int groups, byte* target, nint pitch)
    {
        Eight(words, 0, groups, target, pitch);
        if (groups > 8)
        {
            Eight(words, 48, groups - 8, target + (8 * pitch), pitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(ulong* words, int firstBit, int groups, byte* target, nint pitch)
    {
        var v0 = Cut(words, firstBit);
        var v1 = Cut(words + 8, firstBit);
        var v2 = Cut(words + 16, firstBit);
        var v3 = Cut(words + 24, firstBit);
        var v4 = Cut(words + 32, firstBit);
        var v5 = Cut(words + 40, firstBit);
        var v6 = Cut(words + 48, firstBit);
        var v7 = Cut(words + 56, firstBit);
        // Transpose 8 x 8 qwords: v holds [8 pixels][group][8 pixels], wanted is [group][64 pixels].
        var a0 = Avx512F.UnpackLow(v0, v1);
        var a1 = Avx512F.UnpackHigh(v0, v1);
        var a2 = Avx512F.UnpackLow(v2, v3);
        var a3 = Avx512F.UnpackHigh(v2, v3);
        var a4 = Avx512F.UnpackLow(v4, v5);
        var a5 = Avx512F.UnpackHigh(v4, v5);
        var a6 = Avx512F.UnpackLow(v6, v7);
        var a7 = Avx512F.UnpackHigh(v6, v7);
        var b0 = Avx512F.Shuffle4x128(a0, a2, 0x88);
        var b1 = Avx512F.Shuffle4x128(a4, a6, 0x88);
        var b2 = Avx512F.Shuffle4x128(a0, a2, 0xDD);
        var b3 = Avx512F.Shuffle4x128(a4, a6, 0xDD);
        var c0 = Avx512F.Shuffle4x128(a1, a3, 0x88);
        var c1 = Avx512F.Shuffle4x128(a5, a7, 0x88);
        var c2 = Avx512F.Shuffle4x128(a1, a3, 0xDD);
        var c3 = Avx512F.Shuffle4x128(a5, a7, 0xDD);
        Store(Avx512F.Shuffle4x128(b0, b1, 0x88), 0, groups, target, pitch);
        Store(Avx512F.Shuffle4x128(c0, c1, 0x88), 1, groups, target, pitch);
        Store(Avx512F.Shuffle4x128(b2, b3, 0x88), 2, groups, target, pitch);
        Store(Avx512F.Shuffle4x128(c2, c3, 0x88), 3, groups, target, pitch);
        Store(Avx512F.Shuffle4x128(b0, b1, 0xDD), 4, groups, target, pitch);
        Store(Avx512F.Shuffle4x128(c0, c1, 0xDD), 5, groups, target, pitch);
        Store(Avx512F.Shuffle4x128(b2, b3, 0xDD), 6, groups, target, pitch);
        Store(Avx512F.Shuffle4x128(c2, c3, 0xDD), 7, groups, target, pitch);
    }

    /// <summary>Eight words: qword <c>g</c> of the result holds group <c>g</c> of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Cut(ulong* words, int firstBit)
    {
        // Bit positions wrap round at 64; the index of a look-up counts modulo 64, so only the last group of a word has to be cleaned.
        var shifts = Vector512.Create(firstBit == 0 ? 0x2A241E18120C0600UL : 0x3C3C3C3C3C3C3630UL).AsByte();
        var mask = Vector512.Create(firstBit == 0 ? 0x3F3F3F3F3F3F3F3FUL : 0x00000000000F3F3FUL).AsByte();
        var order = Vector512.Create(
            (byte)0, 8, 16, 24, 32, 40, 48, 56, 1, 9, 17, 25, 33, 41, 49, 57, 2, 10, 18, 26, 34, 42, 50, 58, 3, 11, 19, 27, 35, 43, 51, 59,
            4, 12, 20, 28, 36, 44, 52, 60, 5, 13, 21, 29, 37, 45, 53, 61, 6, 14, 22, 30, 38, 46, 54, 62, 7, 15, 23, 31, 39, 47, 55, 63);
        return Avx512Vbmi.PermuteVar64x8(Avx512Vbmi.MultiShift(shifts, Vector512.Load(words).AsUInt64()).AsByte() & mask, order).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ulong> plane, int group, int groups, byte* target, nint pitch)
    {
        if (group < groups)
        {
            plane.AsByte().Store(target + (group * pitch));
        }
    }
}
