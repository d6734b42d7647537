namespace DcpNas.Data;

/// <summary>What <see cref="DatasetCatalog.Open"/> needs beyond name and folder.</summary>
public sealed record DatasetOptions
{
    /// <summary>Side of the square images of an image folder, in pixels; 8 to 1024. Default 64.</summary>
    public int ImageSize { get; init; } = 64;

    /// <summary>Pixels of the shorter side of an image of a folder before its centre square is cut out; at least the image size, at most 2048; null: the image size.</summary>
    public int? ResizeTo { get; init; }

    /// <summary>Training images of the synthetic data; at least 10. Default 4000.</summary>
    public int SyntheticTrainImages { get; init; } = 4000;

    /// <summary>Test images of the synthetic data; at least 10. Default 1000.</summary>
    public int SyntheticTestImages { get; init; } = 1000;

    /// <summary>Names the synthetic images; every seed gives other ones.</summary>
    public long SyntheticSeed { get; init; }

    /// <summary>Decoded images of a folder are kept in memory if each split fits into so many bytes. Default 1 GiB.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Share of every class of an image folder that is held out as test images where the folder names none; above 0 to 0.5. Default 0.2.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Names those images. Searches, trainings and evaluations take the same ones, whatever their own seed.</summary>
    public long SplitSeed { get; init; }

    /// <summary>Whether CIFAR files may hold another number of images than the official ones; for tests.</summary>
    internal bool AnyLength { get; init; }

    /// <summary>Every fault of these options, one sentence each; empty if they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (ImageSize is < 8 or > 1024)
        {
            problems.Add($"image_size must be from 8 to 1024, got {ImageSize}.");
        }

        if (ResizeTo is { } shorter && (shorter < ImageSize || shorter > 2048))
        {
            problems.Add($"resize_to must be from image_size ({ImageSize}) to 2048, got {shorter}.");
        }

        if (SyntheticTrainImages < 10)
        {
            problems.Add($"synthetic_train_images must be at least 10, got {SyntheticTrainImages}.");
        }

        if (SyntheticTestImages < 10)
        {
            problems.Add($"synthetic_test_images must be at least 10, got {SyntheticTestImages}.");
        }

        if (TestShare is not (> 0 and <= 0.5))
        {
            problems.Add($"test_share must be above 0 and at most 0.5, got {TestShare}.");
        }

        if (CacheBytes < 0)
        {
            problems.Add($"cache_bytes must be at least 0, got {CacheBytes}.");
        }

        return problems;
    }
}
