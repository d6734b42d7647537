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

    /// <summary>Divides by a power of two, rounding halves up; shifts above 15 count as 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Divide(int value, int shift) => shift == 0 ? value : (value + (1 << (Math.Min(shift, 15) - 1))) >> Math.Min(shift, 15);

    /// <summary>The upper 32 of the 48 bits of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int High(int value, short multiplier) => (int)(((long)value * multiplier) >> 16);

    /// <summary>What a mean of <paramref name="count"/> numbers multiplies their sum by: 2^15 / count, to the nearest.</summary>
    public static int Share(int count) => ((1 << 16) + count) / (2 * count);
}
