using DcpNas.Data;
using DcpNas.Data.Detection;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Images with boxes: some are learned from, a random share is held out, and test images are apart.</summary>
/// <param name="dataset">The images.</param>
/// <param name="options">Seed, share and numbers of the splits.</param>
public sealed class DetectionImages(DetectionDatasetPair dataset, TaskDataOptions options) : ITaskImages<IDetectionDataset>
{
    private readonly Lazy<(IReadOnlyList<int> Learned, IReadOnlyList<int> Held)> _parts = new(() =>
        DetectionSubset.Split(Math.Min(dataset.Train.Count, options.TrainImages ?? dataset.Train.Count), options.Seed, options.ValidationShare));

    /// <summary>The data set.</summary>
    public DetectionDatasetPair Dataset { get; } = dataset;

    /// <inheritdoc/>
    /// <remarks>A number of images takes the first ones. The split train leaves out what has no object to learn: the loss is counted per object.</remarks>
    public ImageSplit<IDetectionDataset> Split(string name, int? images = null) => name switch
    {
        SplitNames.Train => new ImageSplit<IDetectionDataset>(Dataset.Train, WithObjects(), "training images").First(images, Dataset.Name),
        SplitNames.Valid => new ImageSplit<IDetectionDataset>(Dataset.Train, _parts.Value.Held, "validation images").First(images, Dataset.Name),
        SplitNames.Test => new ImageSplit<IDetectionDataset>(Dataset.Test, [.. Enumerable.Range(0, Dataset.Test.Count)], "test images")
            .First(images ?? (options.TestImages is { } most ? Math.Min(most, Dataset.Test.Count) : null), Dataset.Test.Name),
        _ => throw SplitNames.Unknown(name),
    };

    /// <summary>The images of a split, scaled, in their order; the caller disposes the batches.</summary>
    /// <param name="split">The images.</param>
    /// <param name="size">Size and normalisation, those of the training whatever the images.</param>
    /// <param name="batchSize">Images per batch.</param>
    /// <param name="device">Where they go; null is the CPU.</param>
    public static IEnumerable<TaskBatch> Batches(ImageSplit<IDetectionDataset> split, Preprocessing size, int batchSize, Device? device)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(size);
        var loader = new DetectionLoader(split.Images, split.Indices, new DetectionLoaderOptions
        {
            BatchSize = batchSize,
            Height = size.Height,
            Width = size.Width,
            Statistics = size.Statistics,
        });
        return loader.Epoch(0).Select(batch => DetectionTargets.ToTensors(batch, size.Height, size.Width, device));
    }

    private int[] WithObjects()
    {
        var (learned, held) = _parts.Value;
        int[] taught = [.. learned.Where(index => Dataset.Train.Boxes(index).Any(box => box.IsTarget))];
        return taught.Length > 0 ? taught : throw new InputException(
            $"{Dataset.Name}: none of the {learned.Count} images to learn from has an object that is learned, "
            + $"the other {held.Count} of {learned.Count + held.Count} are held out to select networks. Use more images.");
    }
}
