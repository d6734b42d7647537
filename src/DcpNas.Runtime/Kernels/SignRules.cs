namespace DcpNas.Runtime.Kernels;

/// <summary>The <see cref="FloatRule"/>s of all channels, as kernels read them.</summary>
internal sealed class SignRules
{
    /// <summary>Prepares rules.</summary>
    /// <param name="rules">One per channel.</param>
    public SignRules(ReadOnlySpan<FloatRule> rules)
    {
        Thresholds = new float[rules.Length];
        Flips = new ulong[BitShape.BlocksOf(rules.Length)];
        for (var channel = 0; channel < rules.Length; channel++)
        {
            Thresholds[channel] = rules[channel].Threshold;
            Flips[channel / BitShape.BlockChannels] |= rules[channel].AtLeast ? 1UL << channel : 0;
        }
    }

    /// <summary>The threshold of each channel.</summary>
    public float[] Thresholds { get; }

    /// <summary>A bit per channel: whether the comparison is turned round.</summary>
    public ulong[] Flips { get; }
}
