namespace DcpNas.Runtime.Model;

/// <summary>Folds what stands before a sign into a threshold, exactly.</summary>
public static class Thresholds
{
    /// <summary>The rule for <c>sign(scale * x + shift)</c>, evaluated in double precision, for every float32 <c>x</c> that is not NaN. NaN counts as large: it is below no threshold.</summary>
    /// <remarks><c>sign(0) = +1</c>. The threshold is the smallest float32 on the far side of the change; a scale of 0 gives a constant.</remarks>
    /// <exception cref="ArgumentException">An argument is not finite.</exception>
    public static (float Threshold, ThresholdRule Rule) OfAffine(double scale, double shift)
    {
        if (!double.IsFinite(scale) || !double.IsFinite(shift))
        {
            throw new ArgumentException($"Scale and shift must be finite, got {scale} and {shift}.");
        }

        // Below: bit 1 up to the threshold. NotBelow: bit 1 from it on. Both look for the first x of the upper side.
        var rule = scale > 0 || (scale == 0 && shift >= 0) ? ThresholdRule.Below : ThresholdRule.NotBelow;
        if (scale == 0)
        {
            return (float.NegativeInfinity, rule);
        }

        if (shift == 0)
        {
            return (scale > 0 ? 0 : float.Epsilon, rule);
        }

        var threshold = (float)Math.Clamp(-shift / scale, -float.MaxValue, float.MaxValue);
        while (IsUpper(threshold) && threshold > float.NegativeInfinity)
        {
            threshold = MathF.BitDecrement(threshold);
        }

        while (!IsUpper(threshold) && threshold < float.PositiveInfinity)
        {
            threshold = MathF.BitIncrement(threshold);
        }

        return (threshold, rule);

        bool IsUpper(float x) => (scale * x) + shift < 0 == (rule == ThresholdRule.NotBelow);
    }

    /// <summary>Finds the rule that gives the same bit as <paramref name="isNegative"/> for every whole number of an interval.</summary>
    /// <param name="bound">The interval is <c>[-bound, bound]</c>.</param>
    /// <param name="isNegative">Whether the sign that belongs to a sum is -1. It is asked for every number.</param>
    /// <returns>The rule, or null where the sign changes more than once and no threshold can say it.</returns>
    public static (int Threshold, ThresholdRule Rule)? OfSums(int bound, Func<int, bool> isNegative)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bound);
        ArgumentNullException.ThrowIfNull(isNegative);
        var lowest = isNegative(-bound);
        int? change = null;
        var last = lowest;
        for (var sum = -bound + 1; sum <= bound; sum++)
        {
            var negative = isNegative(sum);
            if (negative != last && change is not null)
            {
                return null;
            }

            change = negative != last ? sum : change;
            last = negative;
        }

        return change is { } threshold
            ? (threshold, lowest ? ThresholdRule.Below : ThresholdRule.NotBelow)
            : (int.MinValue, lowest ? ThresholdRule.NotBelow : ThresholdRule.Below);
    }
}
