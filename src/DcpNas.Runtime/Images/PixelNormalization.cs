namespace DcpNas.Runtime;

/// <summary>How 8-bit pixels become the numbers that a network reads: <c>(pixel / 255 - mean) / deviation</c>, in binary64 in this order, rounded to binary32 once. Training and runtime both compute it here.</summary>
public static class PixelNormalization
{
    /// <summary>Values of an 8-bit pixel.</summary>
    public const int Values = 256;

    /// <summary>The number of a pixel.</summary>
    /// <param name="pixel">From 0 to 255; need not be a whole number.</param>
    /// <param name="mean">The mean of the channel, for pixels scaled to 0..1.</param>
    /// <param name="deviation">The standard deviation of the channel, above 0.</param>
    public static float Normalize(double pixel, double mean, double deviation) => (float)(((pixel / 255.0) - mean) / deviation);

    /// <summary>The number of every value of a pixel: <see cref="Values"/> per channel, channel after channel.</summary>
    /// <param name="mean">One per channel.</param>
    /// <param name="deviation">One per channel.</param>
    /// <exception cref="ArgumentException">They are not equally many.</exception>
    public static float[] Table(IReadOnlyList<double> mean, IReadOnlyList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Count != deviation.Count)
        {
            throw new ArgumentException($"There must be a deviation for each of {mean.Count} means, got {deviation.Count}.", nameof(deviation));
        }

        return [.. Enumerable.Range(0, Values * mean.Count).Select(i => Normalize(i % Values, mean[i / Values], deviation[i / Values]))];
    }
}
