using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime.Kernels.Lanes;

/// <summary>Sixteen floats, on x86 with AVX-512.</summary>
internal unsafe readonly struct Lanes512 : IFloatLanes<Vector512<float>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Create(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(short* source) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector256.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(int* source) => Vector512.ConvertToSingle(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> DivideBy(Vector512<float> value, Vector512<float> divisor, Vector512<float> inverse)
    {
        // Markstein: with the rounded inverse, one step of Newton gives the rounded quotient, as long as nothing overflows or becomes subnormal, and the sign of zero does not count.
        var size = Vector512.Abs(value);
        if (Vector512.GreaterThanAll(size, Vector512.Create(1e-30f)) && Vector512.LessThanAll(size, Vector512.Create(1e30f)))
        {
            var quotient = value * inverse;
            return Avx512F.FusedMultiplyAdd(Avx512F.FusedMultiplyAddNegated(quotient, divisor, value), inverse, quotient);
        }

        return value / divisor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Avx512F.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Prelu(Vector512<float> value, Vector512<float> slope) =>
        Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), value * slope, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessThan(Vector512<float> left, Vector512<float> right) => (uint)Vector512.LessThan(left, right).ExtractMostSignificantBits();
}
