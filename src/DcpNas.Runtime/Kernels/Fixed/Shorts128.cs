using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Eight 16-bit numbers, on x86 with AVX2 and on ARM.</summary>
internal unsafe readonly struct Shorts128 : IShortLanes<Vector128<short>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Create(short value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Load(short* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<short> value, short* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Add(Vector128<short> left, Vector128<short> right) => Sse2.IsSupported ? Sse2.AddSaturate(left, right) : AdvSimd.AddSaturate(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Multiply(Vector128<short> left, Vector128<short> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyRound(Vector128<short> left, Vector128<short> right) =>
        Ssse3.IsSupported ? Ssse3.MultiplyHighRoundScale(left, right) : AdvSimd.MultiplyRoundedDoublingSaturateHigh(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Min(Vector128<short> left, Vector128<short> right) => Vector128.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Max(Vector128<short> left, Vector128<short> right) => Vector128.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> BelowZero(Vector128<short> value, Vector128<short> below) =>
        Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128<short>.Zero), below, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessThan(Vector128<short> left, Vector128<short> right) => Vector128.LessThan(left, right).ExtractMostSignificantBits();
}
