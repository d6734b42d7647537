using System.Numerics;
using System.Runtime.CompilerServices;

namespace DcpNas.Runtime;

/// <summary>The arithmetic of the integer mode, by the names of docs/model-format.md, section 8.</summary>
internal static class Number16
{
    /// <summary>No 16-bit number is larger in absolute value.</summary>
    public const int Bound = 1 << 15;

    /// <summary>Limits to 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short Saturate(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);

    /// <summary><see cref="Saturate(int)"/> of 64 bits.</summary>
    public static short Saturate(long value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);

    /// <summary><see cref="Saturate(int)"/> of many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Saturate(Vector<int> values) => Vector.Min(Vector.Max(values, new Vector<int>(short.MinValue)), new Vector<int>(short.MaxValue));

    /// <summary>Divides by a power of two, rounding halves up; shifts above 15 count as 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Divide(int value, int shift) => shift == 0 ? value : (value + (1 << (Math.Min(shift, 15) - 1))) >> Math.Min(shift, 15);

    /// <summary>The upper 32 of the 48 bits of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int High(int value, short multiplier) => (int)(((long)value * multiplier) >> 16);

    /// <summary><see cref="High(int, short)"/> of many, by 32-bit products: of the upper and, shifted, of the lower half of a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> High(Vector<int> values, Vector<int> multipliers) => ((values >> 16) * multipliers) + (((values & new Vector<int>(0xffff)) * multipliers) >> 16);

    /// <summary>What a mean of <paramref name="count"/> numbers multiplies their sum by: 2^15 / count, to the nearest.</summary>
    public static int Share(int count) => ((1 << 16) + count) / (2 * count);
}
