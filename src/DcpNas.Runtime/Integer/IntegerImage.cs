using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>How 8-bit pixels become 16-bit numbers: <c>(pixel * multiplier + bias) >> right shift</c>, per channel.</summary>
/// <param name="Exponent">The number q stands for the normalised pixel <c>q * 2^-Exponent</c>; -15 to 30.</param>
/// <param name="Multiplier">One per channel, 0 to 32767.</param>
/// <param name="Bias">One per channel, at most 2^30 in absolute value; what rounds is part of it.</param>
/// <param name="RightShift">Bits, 0 to 30.</param>
public sealed record IntegerImage(int Exponent, IReadOnlyList<int> Multiplier, IReadOnlyList<int> Bias, int RightShift)
{
    /// <summary>The number of a pixel.</summary>
    /// <param name="pixel">Its value.</param>
    /// <param name="channel">Its channel.</param>
    public short NumberOf(byte pixel, int channel) => (short)Shifted(pixel, channel);

    /// <summary>The number of every pixel value: 256 per channel, channel after channel.</summary>
    internal short[] Table() => [.. Enumerable.Range(0, PixelNormalization.Values * Multiplier.Count).Select(i => NumberOf((byte)(i % PixelNormalization.Values), i / PixelNormalization.Values))];

    internal void Check(int channels)
    {
        const string Place = "the image of the integer mode";
        NodeCheck.Range(Place, "exponent", Exponent, FixedPointInfo.LeastExponent, FixedPointInfo.MostExponent);
        NodeCheck.Range(Place, "right_shift", RightShift, 0, IntegerInfo.MostShift);
        NodeCheck.Length(Place, "multiplier", Multiplier.Count, channels);
        NodeCheck.Length(Place, "bias", Bias.Count, channels);
        for (var channel = 0; channel < channels; channel++)
        {
            NodeCheck.Range(Place, "multiplier", Multiplier[channel], 0, short.MaxValue);
            NodeCheck.Range(Place, "bias", Bias[channel], -(1 << 30), 1 << 30);
            NodeCheck.Range(Place, $"the number of pixel 0 in channel {channel}", Shifted(0, channel), short.MinValue, short.MaxValue);
            NodeCheck.Range(Place, $"the number of pixel 255 in channel {channel}", Shifted(255, channel), short.MinValue, short.MaxValue);
        }
    }

    private int Shifted(int pixel, int channel) => ((pixel * Multiplier[channel]) + Bias[channel]) >> RightShift;
}
