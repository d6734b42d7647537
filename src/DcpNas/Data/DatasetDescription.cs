using DcpNas.Data.Repairs;

namespace DcpNas.Data;

/// <summary>Everything that is told of a data set for classification: a row of <see cref="DatasetTable"/>.</summary>
internal sealed record DatasetDescription
{
    /// <summary>The name by which commands and option files call it.</summary>
    public required string Name { get; init; }

    /// <summary>What messages call it.</summary>
    public required string Title { get; init; }

    /// <summary>Names of its files, as messages list them where none is there; empty where it is drawn.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Its files and how they are read, in Markdown, for docs/datasets.md.</summary>
    public required string Layout { get; init; }

    /// <summary>The paths of its files that lie in a folder itself, by which it is recognised.</summary>
    public required Func<string, IEnumerable<string>> FilesIn { get; init; }

    /// <summary>Names of files that belong to them and need not be there.</summary>
    public IReadOnlyList<string> Companions { get; init; } = [];

    /// <summary>Whether a folder without any known files may be taken for it; null: never.</summary>
    public Func<string, bool>? IsLike { get; init; }

    /// <summary>Reads the training and test images of a folder.</summary>
    public required Func<string, DatasetOptions, (IImageDataset Train, IImageDataset Test)> Read { get; init; }

    /// <summary>Says all that is wrong: of its name, a folder, and whether files may have any length, for tests; null: what a training would meet.</summary>
    public Func<string, string, bool, CheckedDataset>? Check { get; init; }

    /// <summary>Copies what can be used of a folder; null: a file is copied whole, or not.</summary>
    public Action<string, RepairCopy>? Repair { get; init; }

    /// <summary>Normalisation; null: measured on the training images.</summary>
    public ChannelStatistics? Statistics { get; init; }

    /// <summary>The usual augmentation for final training, by the side of the images.</summary>
    public required Func<int, AugmentationOptions> Augmentation { get; init; }

    /// <summary>Where the official files are; null: it cannot be downloaded.</summary>
    public DatasetSource? Source { get; init; }
}
