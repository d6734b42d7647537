namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>16-bit fixed-point numbers: <c>q</c> with the exponent <c>e</c> stands for <c>q * 2^-e</c>.</summary>
internal static class FixedNumber
{
    /// <summary>The largest number of either sign. -2^15 is never made but by a sum that saturates.</summary>
    public const int Largest = short.MaxValue;

    /// <summary>No number is larger in absolute value: that of -2^15.</summary>
    public const int Bound = 1 << 15;

    /// <summary>The nearest fixed-point number; ties to even, saturating.</summary>
    public static short Of(double value, int exponent) => (short)Math.Clamp(Math.Round(value * Scale(exponent), MidpointRounding.ToEven), -Largest, Largest);

    /// <summary><c>2^exponent</c>.</summary>
    public static double Scale(int exponent) => Math.ScaleB(1, exponent);

    /// <summary>The factor that <see cref="IShortLanes{T}.MultiplyRound"/> turns into a division by <c>2^shift</c>; 0 where the shift is 0, and nothing is to be done.</summary>
    /// <param name="shift">Bits, at least 0; more than 15 count as 15, which leave -1, 0 or 1.</param>
    public static short Divisor(int shift) => shift == 0 ? (short)0 : (short)(1 << (15 - Math.Min(shift, 15)));

    /// <summary>The rule for fixed-point numbers that gives the bits of a rule for reals.</summary>
    /// <returns>The threshold, and whether the comparison is turned round: the bit is <c>(q &lt; Threshold) != AtLeast</c>.</returns>
    public static (short Threshold, bool AtLeast) RuleOf(FloatRule rule, int exponent)
    {
        var threshold = Math.Ceiling(rule.Threshold * Scale(exponent)); // q < t and q < ceil(t) are the same for whole q
        return threshold > Largest ? (short.MinValue, !rule.AtLeast) : ((short)Math.Max(threshold, short.MinValue), rule.AtLeast);
    }
}
