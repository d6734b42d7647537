namespace DcpNas.Protocols.Detection;

/// <summary>The constants of COCO's protocol, with the rounding of NumPy's <c>linspace</c>, from which pycocotools takes them.</summary>
internal static class CocoRules
{
    /// <summary>Most detections of a category per image that are looked at.</summary>
    public const int MostDetections = 100;

    /// <summary>All, small, medium, large: areas from and to, both included, in pixels squared.</summary>
    public static readonly (double From, double To)[] Areas = [(0, 1e5 * 1e5), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e5 * 1e5)];

    /// <summary>Overlap thresholds 0.50, 0.55, ..., 0.95.</summary>
    public static readonly double[] Overlaps = Steps(0.5, 0.95, 10);

    /// <summary>Recalls 0, 0.01, ..., 1.</summary>
    public static readonly double[] Recalls = Steps(0, 1, 101);

    /// <summary>A perfect overlap may come out a little smaller than 1.</summary>
    public const double LargestOverlap = 1 - 1e-10;

    /// <summary><c>numpy.spacing(1)</c>, the guard of pycocotools against a division by 0: a perfect precision is 1 - 2^-52.</summary>
    public const double Guard = 1.0 / (1L << 52);

    private static double[] Steps(double first, double last, int count)
    {
        var step = (last - first) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? last : (i * step) + first)];
    }
}
