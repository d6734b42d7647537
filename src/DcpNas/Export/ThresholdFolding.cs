using DcpNas.Runtime.Model;

namespace DcpNas.Export;

/// <summary>Folds batch normalisation, scale, PReLU and sign into one comparison per channel.</summary>
/// <remarks>
/// <para><b>Which sign is the true one.</b> A 1-bit convolution gives <c>beta s</c> with a whole number s, DCP-NAS (4.22). The network trains in float32 and adds up
/// s terms of beta, each sum rounded, so that two windows of the same s can differ by a rounding and, where the normalised value is
/// that close to 0, in their sign: float32 has no single answer there. The truth is <c>sign(prelu(norm(beta s)))</c> of the float32 parameters in double precision, in
/// the order of <see cref="ChannelNorm.Apply"/>. beta s is exact then (48 bits), and so is the tie: where beta s is the mean and the bias is 0, the value is exactly 0 and
/// the sign +1. float32 with one rounding of beta s agrees but where the value is below its rounding error.</para>
/// <para>The reference of <see cref="ExportProof"/> is the graph of the network in float64 with <c>beta s</c> computed so: both sides decide alike for every s, with no tolerance.</para>
/// <para>The decision changes at most once over s, whatever the signs of weight and slope: normalisation is monotone, and a PReLU whose slope is not positive lets no
/// negative value through, which makes the channel constant +1.</para>
/// </remarks>
internal static class ThresholdFolding
{
    /// <summary>The rule of each channel for the sums of a 1-bit convolution of 1-bit activations.</summary>
    public static (int[] Thresholds, ThresholdRule[] Rules) OfSums(Filter filter, ChannelNorm norm, float[] slope)
    {
        var (thresholds, rules) = (new int[norm.Channels], new ThresholdRule[norm.Channels]);
        for (var channel = 0; channel < norm.Channels; channel++)
        {
            var (beta, own) = ((double)filter.Beta![channel], channel);
            (thresholds[channel], rules[channel]) = Thresholds.OfSums(filter.Terms, sum => slope[own] > 0 && norm.Apply(own, beta * sum) < 0)
                ?? throw new InvalidOperationException($"Bug in DcpNas: the sign of channel {channel} of {filter.Name} changes more than once.");
        }

        return (thresholds, rules);
    }

    /// <summary>The rule of each channel for <c>sign(prelu(scale x + shift))</c> of real x; no slope is no PReLU.</summary>
    public static (float[] Thresholds, ThresholdRule[] Rules) OfReals(int channels, Func<int, double> scale, Func<int, double> shift, float[]? slope = null)
    {
        var (thresholds, rules) = (new float[channels], new ThresholdRule[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            (thresholds[channel], rules[channel]) = slope is null || slope[channel] > 0
                ? Thresholds.OfAffine(scale(channel), shift(channel))
                : Thresholds.OfAffine(0, 1);
        }

        return (thresholds, rules);
    }
}
