namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary><c>x * scale + bias</c> on 16-bit numbers: <c>MultiplyRound(clamp(x + Centre, ±Limit) * Factor, Multiplier) + Bias</c>, sums saturating.</summary>
/// <remarks>
/// The factor, a power of two, brings numbers as far up as the multiplier allows, which so has 15 significant bits: numbers that the limit cuts off would be beyond half of the range behind the multiplication.
/// The centre does the part of the bias that whole steps of x can do, before anything is cut off: what <c>x * scale</c> alone would be may be far beyond the range of <c>x * scale + bias</c>.
/// </remarks>
internal readonly record struct ScaleRule(short Centre, short Limit, short Factor, short Multiplier, short Bias)
{
    private const int MostShift = 14;

    /// <summary>The rule that comes nearest to an affine function.</summary>
    /// <param name="scale">The factor, finite.</param>
    /// <param name="bias">The addend, finite.</param>
    /// <param name="from">The exponent of the numbers.</param>
    /// <param name="to">The exponent of the result.</param>
    /// <param name="largest">No number is larger in absolute value.</param>
    public static ScaleRule Of(double scale, double bias, int from, int to, int largest)
    {
        var ratio = scale * FixedNumber.Scale(to - from);
        var addend = bias * FixedNumber.Scale(to);
        var shift = 0;
        while (shift < MostShift && Math.Abs(ratio) * FixedNumber.Scale(15 - shift) > FixedNumber.Largest)
        {
            shift++;
        }

        var multiplier = FixedNumber.Of(ratio, 15 - shift);
        var centre = largest * Math.Abs(ratio) > FixedNumber.Largest / 2 ? FixedNumber.Of(Math.Clamp(addend / ratio, -largest, largest), 0) : (short)0;
        return new(centre, (short)(FixedNumber.Largest >> shift), (short)(1 << shift), multiplier, FixedNumber.Of(addend - (centre * ratio), 0));
    }
}
