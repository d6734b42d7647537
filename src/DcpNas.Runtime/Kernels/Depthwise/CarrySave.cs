using System.Runtime.CompilerServices;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>Counts, per bit of a word, the taps whose input and weight differ; the count comes out as binary digits, one word each.</summary>
internal static unsafe class CarrySave<TLanes, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    /// <summary>A kernel of 3x3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nine(ulong* source, nint* offsets, ulong* weights, int pitch, out T d0, out T d1, out T d2, out T d3)
    {
        Three(source, offsets, weights, pitch, out var s0, out var c0);
        Three(source, offsets + 3, weights + (3 * pitch), pitch, out var s1, out var c1);
        Three(source, offsets + 6, weights + (6 * pitch), pitch, out var s2, out var c2);
        Add(s0, s1, s2, out d0, out var c3);
        Add(c0, c1, c2, out var s4, out var c4);
        Add(c3, s4, out d1, out var c5);
        Add(c4, c5, out d2, out d3);
    }

    /// <summary>A kernel of 5x5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwentyFive(ulong* source, nint* offsets, ulong* weights, int pitch, out T d0, out T d1, out T d2, out T d3, out T d4)
    {
        Nine(source, offsets, weights, pitch, out var a0, out var a1, out var a2, out var a3);
        Nine(source, offsets + 9, weights + (9 * pitch), pitch, out var b0, out var b1, out var b2, out var b3);
        Three(source, offsets + 18, weights + (18 * pitch), pitch, out var s0, out var c0);
        Three(source, offsets + 21, weights + (21 * pitch), pitch, out var s1, out var c1);
        var last = Tap(source, offsets + 24, weights + (24 * pitch));
        Add(s0, s1, last, out var e0, out var c2);
        Add(c0, c1, c2, out var e1, out var e2); // seven taps
        Add(a0, b0, e0, out d0, out var k0);
        Add(a1, b1, e1, out var f1, out var k1);
        Add(f1, k0, out d1, out var k2);
        Add(a2, b2, e2, out var f2, out var k3);
        Add(f2, k1, k2, out d2, out var k4);
        Add(a3, b3, k3, out var f3, out var k5);
        Add(f3, k4, out d3, out var k6);
        d4 = TLanes.Xor(k5, k6); // 25 is less than 32: at most one of them
    }

    /// <summary>A kernel of any size.</summary>
    /// <param name="source">The first tap of the first pixel.</param>
    /// <param name="offsets">From there to each tap.</param>
    /// <param name="weights">The weight of the first tap.</param>
    /// <param name="pitch">Words between the weights of two taps.</param>
    /// <param name="taps">Taps.</param>
    /// <param name="digits">Receives the digits, one vector each.</param>
    /// <param name="planes">Digits.</param>
    public static void Any(ulong* source, nint* offsets, ulong* weights, int pitch, int taps, ulong* digits, int planes)
    {
        new Span<ulong>(digits, planes * TLanes.Count).Clear();
        for (var tap = 0; tap < taps; tap++)
        {
            var carry = Tap(source, offsets + tap, weights + ((nint)tap * pitch));
            for (var plane = 0; plane < planes; plane++)
            {
                var digit = TLanes.Load(digits + (plane * TLanes.Count));
                TLanes.Store(TLanes.Xor(digit, carry), digits + (plane * TLanes.Count));
                carry = TLanes.And(digit, carry);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Tap(ulong* source, nint* offset, ulong* weight) => TLanes.Xor(TLanes.Load(source + *offset), TLanes.Broadcast(weight));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three(ulong* source, nint* offsets, ulong* weights, int pitch, out T sum, out T carry) =>
        Add(Tap(source, offsets, weights), Tap(source, offsets + 1, weights + pitch), Tap(source, offsets + 2, weights + (2 * pitch)), out sum, out carry);

    /// <summary>Full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T a, T b, T c, out T sum, out T carry) => (sum, carry) = (TLanes.Parity(a, b, c), TLanes.Majority(a, b, c));

    /// <summary>Half adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T a, T b, out T sum, out T carry) => (sum, carry) = (TLanes.Xor(a, b), TLanes.And(a, b));
}
