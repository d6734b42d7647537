namespace DcpNas.Data;

/// <summary>Mean and standard deviation of each colour channel, for pixel values scaled to 0..1.</summary>
/// <param name="Mean">One per channel.</param>
/// <param name="StandardDeviation">One per channel, above 0.</param>
public sealed record ChannelStatistics(IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation)
{
    /// <summary>ImageNet: the usual normalisation of colour photographs.</summary>
    public static ChannelStatistics ImageNet { get; } = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>Leaves values in 0..1: mean 0 and standard deviation 1.</summary>
    /// <param name="channels">Number of channels.</param>
    public static ChannelStatistics Identity(int channels) => new([.. Enumerable.Repeat(0.0, channels)], [.. Enumerable.Repeat(1.0, channels)]);

    /// <summary>Measures the images; a channel without any variation gets the standard deviation 1 / 255.</summary>
    /// <remarks>Sums are whole numbers, so that the result is the same on every platform.</remarks>
    /// <param name="data">Images.</param>
    /// <param name="maxImages">At most so many are read, evenly spread over the data.</param>
    public static ChannelStatistics Measure(IImageDataset data, int maxImages = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxImages, 1);
        var images = int.Min(data.Count, maxImages);
        var plane = data.Height * data.Width;
        var sums = new long[data.Channels];
        var squares = new long[data.Channels];
        var pixels = new byte[data.BytesPerImage];
        for (long i = 0; i < images; i++)
        {
            data.ReadPixels((int)(i * data.Count / images), pixels);
            for (var channel = 0; channel < data.Channels; channel++)
            {
                foreach (var value in pixels.AsSpan(channel * plane, plane))
                {
                    sums[channel] += value;
                    squares[channel] += value * value;
                }
            }
        }

        var count = (double)images * plane;
        double[] means = [.. sums.Select(sum => sum / count / 255)];
        double[] deviations = [.. sums.Zip(squares, (sum, square) => Math.Sqrt(Math.Max((square / count) - (sum / count * (sum / count)), 1)) / 255)];
        return new ChannelStatistics(means, deviations);
    }
}
