namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Rules on sums as rules on counts of mismatches: <c>bit = (count &gt;= threshold) xor flip</c>, where <c>sum = Terms - 2 * count / unit</c>.</summary>
internal static class CountRules
{
    /// <summary>The smallest count of mismatches from which on <c>sum &lt; rule.Threshold</c>, from 0 to one more than the largest count.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="terms">The sum without mismatches.</param>
    /// <param name="unit">What a mismatch counts, 1 or 2.</param>
    public static int Threshold(BitRule rule, int terms, int unit)
    {
        var margin = (long)terms - rule.Threshold; // sum < threshold  <=>  2 * count / unit > margin
        return (int)Math.Clamp((unit == 1 ? margin >> 1 : margin) + 1, 0, ((long)unit * terms) + 1);
    }

    /// <summary>The flips of the channels of each block.</summary>
    public static ulong[] Flips(ReadOnlySpan<BitRule> rules)
    {
        var flips = new ulong[BitShape.BlocksOf(rules.Length)];
        for (var channel = 0; channel < rules.Length; channel++)
        {
            flips[channel / BitShape.BlockChannels] |= rules[channel].AtLeast ? 1UL << channel : 0;
        }

        return flips;
    }
}
