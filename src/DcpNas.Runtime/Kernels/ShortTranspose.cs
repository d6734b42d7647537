using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels;

/// <summary>Turns 16 channels of 32 pixels into 32 pixels of 16 channels, on AVX-512.</summary>
internal static unsafe class ShortTranspose
{
    /// <summary>Channels of a call.</summary>
    public const int Channels = 16;

    /// <summary>Transposes.</summary>
    /// <param name="source">The numbers of 32 pixels for each channel.</param>
    /// <param name="pitch">Numbers from one channel to the next.</param>
    /// <param name="target">Receives 16 channels for each pixel.</param>
    /// <param name="step">Numbers from one pixel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(short* source, nint pitch, short* target, nint step)
    {
        // Pairs of channels, then quadruples, then eights: lane L of the result holds the pixels 8 L to 8 L + 7.
        Eight(source, pitch, out var a0, out var a1, out var a2, out var a3, out var a4, out var a5, out var a6, out var a7);
        Eight(source + (8 * pitch), pitch, out var b0, out var b1, out var b2, out var b3, out var b4, out var b5, out var b6, out var b7);
        Store(a0, b0, target, step);
        Store(a1, b1, target + step, step);
        Store(a2, b2, target + (2 * step), step);
        Store(a3, b3, target + (3 * step), step);
        Store(a4, b4, target + (4 * step), step);
        Store(a5, b5, target + (5 * step), step);
        Store(a6, b6, target + (6 * step), step);
        Store(a7, b7, target + (7 * step), step);
    }

    /// <summary>Eight channels: lane L of result i holds them for pixel 8 L + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(
        short* source, nint pitch, out Vector512<long> r0, out Vector512<long> r1, out Vector512<long> r2, out Vector512<long> r3, out Vector512<long> r4, out Vector512<long> r5,
        out Vector512<long> r6, out Vector512<long> r7)
    {
        var c0 = Vector512.Load(source);
        var c1 = Vector512.Load(source + pitch);
        var c2 = Vector512.Load(source + (2 * pitch));
        var c3 = Vector512.Load(source + (3 * pitch));
        var c4 = Vector512.Load(source + (4 * pitch));
        var c5 = Vector512.Load(source + (5 * pitch));
        var c6 = Vector512.Load(source + (6 * pitch));
        var c7 = Vector512.Load(source + (7 * pitch));
        var p0 = Avx512BW.UnpackLow(c0, c1).AsInt32();
        var p1 = Avx512BW.UnpackHigh(c0, c1).AsInt32();
        var p2 = Avx512BW.UnpackLow(c2, c3).AsInt32();
        var p3 = Avx512BW.UnpackHigh(c2, c3).AsInt32();
        var p4 = Avx512BW.UnpackLow(c4, c5).AsInt32();
        var p5 = Avx512BW.UnpackHigh(c4, c5).AsInt32();
        var p6 = Avx512BW.UnpackLow(c6, c7).AsInt32();
        var p7 = Avx512BW.UnpackHigh(c6, c7).AsInt32();
        var q0 = Avx512F.UnpackLow(p0, p2).AsInt64();
        var q1 = Avx512F.UnpackHigh(p0, p2).AsInt64();
        var q2 = Avx512F.UnpackLow(p1, p3).AsInt64();
        var q3 = Avx512F.UnpackHigh(p1, p3).AsInt64();
        var q4 = Avx512F.UnpackLow(p4, p6).AsInt64();
        var q5 = Avx512F.UnpackHigh(p4, p6).AsInt64();
        var q6 = Avx512F.UnpackLow(p5, p7).AsInt64();
        var q7 = Avx512F.UnpackHigh(p5, p7).AsInt64();
        r0 = Avx512F.UnpackLow(q0, q4);
        r1 = Avx512F.UnpackHigh(q0, q4);
        r2 = Avx512F.UnpackLow(q1, q5);
        r3 = Avx512F.UnpackHigh(q1, q5);
        r4 = Avx512F.UnpackLow(q2, q6);
        r5 = Avx512F.UnpackHigh(q2, q6);
        r6 = Avx512F.UnpackLow(q3, q7);
        r7 = Avx512F.UnpackHigh(q3, q7);
    }

    /// <summary>Both halves of the channels of the pixels 0, 8, 16 and 24 from <paramref name="target"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<long> low, Vector512<long> high, short* target, nint step)
    {
        // Lanes 0 and 1 of both, then lanes 2 and 3; within each, low beside high.
        var order = Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11);
        var first = Avx512F.PermuteVar8x64x2(low, order, high);
        var second = Avx512F.PermuteVar8x64x2(low, order + Vector512.Create(4L), high);
        first.GetLower().AsInt16().Store(target);
        first.GetUpper().AsInt16().Store(target + (8 * step));
        second.GetLower().AsInt16().Store(target + (16 * step));
        second.GetUpper().AsInt16().Store(target + (24 * step));
    }
}
