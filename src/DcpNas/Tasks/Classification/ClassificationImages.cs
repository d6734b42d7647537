using DcpNas.Data;

namespace DcpNas.Tasks.Classification;

/// <summary>Labelled images: some are learned from, the same share of every class is held out, and test images are apart.</summary>
/// <param name="dataset">The images.</param>
/// <param name="options">Seed, share and numbers of the splits.</param>
public sealed class ClassificationImages(DatasetPair dataset, TaskDataOptions options) : ITaskImages<IImageDataset>
{
    private readonly Lazy<HoldOutSplit> _held = new(() => HoldOutSplit.Of(dataset.Train, options.Seed, options.ValidationShare, options.TrainImages));

    /// <summary>The data set.</summary>
    public DatasetPair Dataset { get; } = dataset;

    /// <inheritdoc/>
    /// <remarks>A number of images takes the same share of every class.</remarks>
    public ImageSplit<IImageDataset> Split(string name, int? images = null) => name switch
    {
        SplitNames.Train => Take(Dataset.Train, _held.Value.Training, images, "training images"),
        SplitNames.Valid => Take(Dataset.Train, _held.Value.Validation, images, "validation images"),
        SplitNames.Test => Take(Dataset.Test, null, images ?? options.TestImages, "test images"),
        _ => throw SplitNames.Unknown(name),
    };

    private ImageSplit<IImageDataset> Take(IImageDataset data, IReadOnlyList<int>? among, int? images, string kind) =>
        new(data, DataSplit.Subset(data, options.Seed, images, among), kind);
}
