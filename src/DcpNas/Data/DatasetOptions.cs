namespace DcpNas.Data;

/// <summary>What <see cref="DatasetCatalog.Open"/> needs beyond name and folder.</summary>
public sealed record DatasetOptions
{
    /// <summary>Side of the square images of an image folder, in pixels; 8 to 1024. Default 64.</summary>
    [Option("Side of the square images of an image folder in pixels", Min = 8, Max = 1024)]
    public int ImageSize { get; init; } = 64;

    /// <summary>Pixels of the shorter side of an image of a folder before its centre square is cut out; at least the image size, at most 2048; null: the image size.</summary>
    public int? ResizeTo { get; init; }

    /// <summary>Training images of the synthetic data; at least 10. Default 4000.</summary>
    [Option("Training images of the synthetic data", Min = 10)]
    public int SyntheticTrainImages { get; init; } = 4000;

    /// <summary>Test images of the synthetic data; at least 10. Default 1000.</summary>
    [Option("Test images of the synthetic data", Min = 10)]
    public int SyntheticTestImages { get; init; } = 1000;

    /// <summary>Names the synthetic images; every seed gives other ones.</summary>
    public long SyntheticSeed { get; init; }

    /// <summary>Decoded images of a folder are kept in memory if each split fits into so many bytes. Default 1 GiB.</summary>
    [Option("Decoded images are kept in memory if each split fits into so many bytes", Min = 0)]
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Share of every class of an image folder that is held out as test images where the folder names none; above 0 to 0.5. Default 0.2.</summary>
    [Option("Share of every class that is held out as test images where a folder names none", Above = 0, Max = 0.5)]
    public double TestShare { get; init; } = 0.2;

    /// <summary>Names those images. Searches, trainings and evaluations take the same ones, whatever their own seed.</summary>
    public long SplitSeed { get; init; }

    /// <summary>Whether CIFAR files may hold another number of images than the official ones; for tests.</summary>
    internal bool AnyLength { get; init; }

    /// <summary>Every fault of these options, one sentence each; empty if they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. OptionRules.Check(
            ResizeTo is not { } shorter || (shorter >= ImageSize && shorter <= 2048),
            $"resize_to must be from image_size ({ImageSize}) to 2048, got {ResizeTo}."),
    ];
}
