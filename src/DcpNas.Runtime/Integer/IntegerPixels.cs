namespace DcpNas.Runtime;

/// <summary>The 16-bit numbers of pixels, and of normalised numbers by way of the nearest pixel.</summary>
internal sealed class IntegerPixels(IntegerImage image, Preprocessing preprocessing)
{
    private readonly short[] _table = image.Table();
    private readonly double[] _means = [.. preprocessing.Mean];
    private readonly double[] _deviations = [.. preprocessing.StandardDeviation];

    public short NumberOf(byte pixel, int channel) => _table[(PixelNormalization.Values * channel) + pixel];

    /// <summary>NaN counts as black.</summary>
    public short NumberOf(float normalised, int channel)
    {
        var pixel = Math.Round(((normalised * _deviations[channel]) + _means[channel]) * 255);
        return NumberOf(pixel > 0 ? (byte)Math.Min(pixel, 255) : (byte)0, channel);
    }
}
