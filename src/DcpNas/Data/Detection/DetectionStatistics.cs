namespace DcpNas.Data.Detection;

/// <summary>Measures images with boxes.</summary>
public static class DetectionStatistics
{
    /// <summary>Mean and standard deviation of the colours of the images.</summary>
    /// <param name="data">Images.</param>
    /// <param name="maxImages">At most so many are read, evenly spread over the data.</param>
    public static ChannelStatistics Colours(IDetectionDataset data, int maxImages = 200)
    {
        ArgumentNullException.ThrowIfNull(data);
        var images = int.Min(data.Count, maxImages);
        var (sums, squares, count) = (new double[3], new double[3], 0L);
        for (long i = 0; i < images; i++)
        {
            var pixels = data.Read((int)(i * data.Count / images)).Pixels;
            count += pixels.Length / 3;
            for (var at = 0; at < pixels.Length; at++)
            {
                sums[at % 3] += pixels[at]; // whole numbers below 2^53: exact
                squares[at % 3] += pixels[at] * pixels[at];
            }
        }

        double[] means = [.. sums.Select(sum => sum / count / 255)];
        double[] deviations = [.. sums.Zip(squares, (sum, square) => Math.Sqrt(Math.Max((square / count) - (sum / count * (sum / count)), 1)) / 255)];
        return new ChannelStatistics(means, deviations);
    }

    /// <summary>The sizes of all objects that are learned, in shares of their image.</summary>
    /// <param name="data">Images.</param>
    public static IReadOnlyList<(double Width, double Height)> Sizes(IDetectionDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return [.. Enumerable.Range(0, data.Count).SelectMany(index =>
        {
            var (width, height) = data.Size(index);
            return data.Boxes(index).Where(box => box.IsTarget).Select(box => (box.Width / width, box.Height / height));
        })];
    }
}
