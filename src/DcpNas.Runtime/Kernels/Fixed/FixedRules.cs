namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>How fixed-point numbers of all channels become bits, as kernels read it.</summary>
internal sealed class FixedRules
{
    /// <summary>Prepares rules.</summary>
    /// <param name="rules">One per channel, for reals.</param>
    /// <param name="exponent">Of the numbers.</param>
    public FixedRules(ReadOnlySpan<FloatRule> rules, int exponent)
    {
        Thresholds = new short[rules.Length];
        Flips = new ulong[BitShape.BlocksOf(rules.Length)];
        for (var channel = 0; channel < rules.Length; channel++)
        {
            (Thresholds[channel], var atLeast) = FixedNumber.RuleOf(rules[channel], exponent);
            Flips[channel / BitShape.BlockChannels] |= atLeast ? 1UL << channel : 0;
        }
    }

    /// <summary>The threshold of each channel.</summary>
    public short[] Thresholds { get; }

    /// <summary>A bit per channel: whether the comparison is turned round.</summary>
    public ulong[] Flips { get; }
}
