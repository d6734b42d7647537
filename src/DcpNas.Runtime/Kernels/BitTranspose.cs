using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels;

/// <summary>Transposes 64 x 64 bits: bit <c>c</c> of output word <c>p</c> is bit <c>p</c> of input word <c>c</c>. So words of channels become words of pixels, and back.</summary>
internal static unsafe class BitTranspose
{
    /// <summary>Words of a square.</summary>
    public const int Side = 64;

    /// <summary>Transposes a square.</summary>
    /// <param name="source">64 words, <paramref name="pitch"/> apart.</param>
    /// <param name="pitch">Words from one to the next.</param>
    /// <param name="target">Receives 64 words.</param>
    /// <param name="set">The instructions to use; this processor must have them.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(ReadOnlySpan<ulong> source, int pitch, Span<ulong> target, InstructionSet set)
    {
        Bounds.AtLeast(pitch, 1);
        Bounds.AtLeast(source.Length, ((Side - 1L) * pitch) + 1);
        Bounds.AtLeast(target.Length, Side);
        fixed (ulong* from = source, to = target)
        {
            if (set == InstructionSet.Avx512)
            {
                Avx512(from, pitch, to);
            }
            else
            {
                Scalar(from, pitch, to);
            }
        }
    }

    /// <summary>Swaps ever smaller squares across the diagonal.</summary>
    public static void Scalar(ulong* source, nint pitch, ulong* target)
    {
        for (var row = 0; row < Side; row++)
        {
            target[row] = source[row * pitch];
        }

        var mask = 0x00000000FFFFFFFFUL;
        for (var width = Side / 2; width > 0; width /= 2, mask ^= mask << width)
        {
            for (var row = 0; row < Side; row = (row + width + 1) & ~width)
            {
                var swap = ((target[row] >> width) ^ target[row + width]) & mask;
                target[row] ^= swap << width;
                target[row + width] ^= swap;
            }
        }
    }

    /// <summary>Eight squares of 8 x 8 bits at a time through GF2P8AFFINEQB, then bytes to their places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Avx512(ulong* source, nint pitch, ulong* target)
    {
        var z0 = Eight(source, pitch);
        var z1 = Eight(source + (8 * pitch), pitch);
        var z2 = Eight(source + (16 * pitch), pitch);
        var z3 = Eight(source + (24 * pitch), pitch);
        var z4 = Eight(source + (32 * pitch), pitch);
        var z5 = Eight(source + (40 * pitch), pitch);
        var z6 = Eight(source + (48 * pitch), pitch);
        var z7 = Eight(source + (56 * pitch), pitch);
        var a0 = Avx512BW.UnpackLow(z0, z1).AsUInt16();
        var a1 = Avx512BW.UnpackHigh(z0, z1).AsUInt16();
        var b0 = Avx512BW.UnpackLow(z2, z3).AsUInt16();
        var b1 = Avx512BW.UnpackHigh(z2, z3).AsUInt16();
        var c0 = Avx512BW.UnpackLow(z4, z5).AsUInt16();
        var c1 = Avx512BW.UnpackHigh(z4, z5).AsUInt16();
        var d0 = Avx512BW.UnpackLow(z6, z7).AsUInt16();
        var d1 = Avx512BW.UnpackHigh(z6, z7).AsUInt16();
        var e0 = Avx512BW.UnpackLow(a0, b0).AsUInt32();
        var e1 = Avx512BW.UnpackHigh(a0, b0).AsUInt32();
        var e2 = Avx512BW.UnpackLow(a1, b1).AsUInt32();
        var e3 = Avx512BW.UnpackHigh(a1, b1).AsUInt32();
        var f0 = Avx512BW.UnpackLow(c0, d0).AsUInt32();
        var f1 = Avx512BW.UnpackHigh(c0, d0).AsUInt32();
        var f2 = Avx512BW.UnpackLow(c1, d1).AsUInt32();
        var f3 = Avx512BW.UnpackHigh(c1, d1).AsUInt32();
        Store(Avx512F.UnpackLow(e0, f0).AsUInt64(), target);
        Store(Avx512F.UnpackHigh(e0, f0).AsUInt64(), target + 2);
        Store(Avx512F.UnpackLow(e1, f1).AsUInt64(), target + 4);
        Store(Avx512F.UnpackHigh(e1, f1).AsUInt64(), target + 6);
        Store(Avx512F.UnpackLow(e2, f2).AsUInt64(), target + 8);
        Store(Avx512F.UnpackHigh(e2, f2).AsUInt64(), target + 10);
        Store(Avx512F.UnpackLow(e3, f3).AsUInt64(), target + 12);
        Store(Avx512F.UnpackHigh(e3, f3).AsUInt64(), target + 14);
    }

    /// <summary>Eight rows: byte <c>p</c> of the result holds their bits <c>p</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Eight(ulong* rows, nint pitch)
    {
        // Qword j gets byte j of all rows, the last row first, as the instruction wants its matrix.
        var order = Vector512.Create(
            (byte)56, 48, 40, 32, 24, 16, 8, 0, 57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3,
            60, 52, 44, 36, 28, 20, 12, 4, 61, 53, 45, 37, 29, 21, 13, 5, 62, 54, 46, 38, 30, 22, 14, 6, 63, 55, 47, 39, 31, 23, 15, 7);
        var columns = Vector512.Create(0x8040201008040201UL).AsByte();
        var matrix = Vector512.Create(rows[0], rows[pitch], rows[2 * pitch], rows[3 * pitch], rows[4 * pitch], rows[5 * pitch], rows[6 * pitch], rows[7 * pitch]).AsByte();
        return Gfni.V512.GaloisFieldAffineTransform(columns, Avx512Vbmi.PermuteVar64x8(matrix, order), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ulong> words, ulong* target)
    {
        words.GetLower().GetLower().Store(target);
        words.GetLower().GetUpper().Store(target + 16);
        words.GetUpper().GetLower().Store(target + 32);
        words.GetUpper().GetUpper().Store(target + 48);
    }
}
