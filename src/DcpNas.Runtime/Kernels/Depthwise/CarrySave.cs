using System.Runtime.CompilerServices;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>Counts, per bit of a word, the taps whose input and weight differ; the count comes out as binary digits, one word each.</summary>
internal static unsafe class CarrySave<TLanes, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    /// <summary>Nine taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nine(T x0, T x1, T x2, T x3, T x4, T x5, T x6, T x7, T x8, out T d0, out T d1, out T d2, out T d3)
    {
        Add(x0, x1, x2, out var s0, out var c0);
        Add(x3, x4, x5, out var s1, out var c1);
        Add(x6, x7, x8, out var s2, out var c2);
        Add(s0, s1, s2, out d0, out var c3);
        Add(c0, c1, c2, out var s4, out var c4);
        Add(c3, s4, out d1, out var c5);
        Add(c4, c5, out d2, out d3);
    }

    /// <summary>A kernel of 5x5; <c>row</c> words lie between two rows of taps, and every tap has one word of <c>weights</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwentyFive(ulong* source, nint row, Columns columns, ulong* weights, out T d0, out T d1, out T d2, out T d3, out T d4)
    {
        Five(source, columns, weights, out var a0, out var a1, out var a2);
        Five(source + row, columns, weights + 5, out var b0, out var b1, out var b2);
        Five(source + (2 * row), columns, weights + 10, out var e0, out var e1, out var e2);
        Five(source + (3 * row), columns, weights + 15, out var f0, out var f1, out var f2);
        Five(source + (4 * row), columns, weights + 20, out var g0, out var g1, out var g2);
        // Ones, then twos, then fours; each carry goes to the next.
        Add(a0, b0, e0, out var s0, out var k0);
        Add(f0, g0, s0, out d0, out var k1);
        Add(a1, b1, e1, out var s1, out var k2);
        Add(f1, g1, s1, out var s2, out var k3);
        Add(k0, k1, s2, out d1, out var k4);
        Add(a2, b2, e2, out var s3, out var k5);
        Add(f2, g2, s3, out var s4, out var k6);
        Add(k2, k3, k4, out var s5, out var k7);
        Add(s4, s5, out d2, out var k8);
        Add(k5, k6, k7, out var s6, out d4);
        Add(s6, k8, out d3, out var k9);
        d4 = TLanes.Xor(d4, k9); // 25 is less than 32: at most one of them
    }

    /// <summary>A kernel of any size.</summary>
    /// <param name="source">The first tap of the first pixel.</param>
    /// <param name="offsets">From there to each tap.</param>
    /// <param name="weights">The weights, one word each.</param>
    /// <param name="taps">Taps.</param>
    /// <param name="digits">Receives the digits, one vector each.</param>
    /// <param name="planes">Digits.</param>
    public static void Any(ulong* source, nint* offsets, ulong* weights, int taps, ulong* digits, int planes)
    {
        new Span<ulong>(digits, planes * TLanes.Count).Clear();
        for (var tap = 0; tap < taps; tap++)
        {
            var carry = Tap(source + offsets[tap], weights + tap);
            for (var plane = 0; plane < planes; plane++)
            {
                var digit = TLanes.Load(digits + (plane * TLanes.Count));
                TLanes.Store(TLanes.Xor(digit, carry), digits + (plane * TLanes.Count));
                carry = TLanes.And(digit, carry);
            }
        }
    }

    /// <summary>Where input and weight of a tap differ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tap(ulong* source, ulong* weight) => TLanes.Xor(TLanes.Load(source), TLanes.Broadcast(weight));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Five(ulong* source, Columns columns, ulong* weights, out T d0, out T d1, out T d2)
    {
        Add(Tap(source, weights), Tap(source + columns.First, weights + 1), Tap(source + columns.Second, weights + 2), out var s0, out var c0);
        Add(Tap(source + columns.Third, weights + 3), Tap(source + columns.Fourth, weights + 4), s0, out d0, out var c1);
        Add(c0, c1, out d1, out d2);
    }

    /// <summary>Full adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T a, T b, T c, out T sum, out T carry) => (sum, carry) = (TLanes.Parity(a, b, c), TLanes.Majority(a, b, c));

    /// <summary>Half adder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T a, T b, out T sum, out T carry) => (sum, carry) = (TLanes.Xor(a, b), TLanes.And(a, b));
}
