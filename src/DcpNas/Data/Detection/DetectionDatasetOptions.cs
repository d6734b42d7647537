namespace DcpNas.Data.Detection;

/// <summary>What <see cref="DetectionDatasetCatalog.Open"/> needs beyond name and folder.</summary>
public sealed record DetectionDatasetOptions
{
    /// <summary>Side of the synthetic images, in pixels; at least 32. Default 64.</summary>
    public int SyntheticSide { get; init; } = 64;

    /// <summary>Training images of the synthetic data. Default 2000.</summary>
    public int SyntheticTrainImages { get; init; } = 2000;

    /// <summary>Test images of the synthetic data. Default 500.</summary>
    public int SyntheticTestImages { get; init; } = 500;

    /// <summary>Names the synthetic images, and the split of data without test images.</summary>
    public long Seed { get; init; }

    /// <summary>Share that is held out as test images where the data have none. Default 0.1.</summary>
    public double TestShare { get; init; } = 0.1;

    /// <summary>Decoded images are kept in memory if each split fits into so many bytes. Default 1 GiB.</summary>
    public long CacheBytes { get; init; } = 1L << 30;
}
