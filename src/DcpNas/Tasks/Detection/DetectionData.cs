using DcpNas.Data;
using DcpNas.Data.Detection;

namespace DcpNas.Tasks.Detection;

/// <summary>Images with boxes as batches: training images augmented, a part of them held out, test images apart.</summary>
public sealed class DetectionData : ITaskData
{
    private const long CalibrationStream = 0x63616c;
    private readonly DetectionDataOptions _options;
    private readonly DetectionLoaderOptions _plain;
    private readonly DetectionLoader _training;

    /// <summary>Splits and prepares a data set.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="statistics">The normalisation.</param>
    /// <param name="options">Sizes and seed.</param>
    /// <exception cref="InputException">There are too few images.</exception>
    public DetectionData(DetectionDatasetPair dataset, ChannelStatistics statistics, DetectionDataOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        (Dataset, _options) = (dataset, options);
        var images = new DetectionImages(dataset, options);
        (Training, Validation, Test) = (images.Split(SplitNames.Train).Indices, images.Split(SplitNames.Valid).Indices, images.Split(SplitNames.Test).Indices);
        _plain = new DetectionLoaderOptions
        {
            BatchSize = options.BatchSize,
            Height = options.ImageSize,
            Width = options.ImageSize,
            Statistics = statistics,
            Workers = options.Workers,
            Seed = options.Seed,
        };
        _training = new DetectionLoader(dataset.Train, Training, _plain with { Shuffle = true, Augmentation = options.Augmentation, Shards = options.Shards });
    }

    /// <summary>The data set.</summary>
    public DetectionDatasetPair Dataset { get; }

    /// <summary>Indices of the images that are learned from: all of them have an object.</summary>
    public IReadOnlyList<int> Training { get; }

    /// <summary>Indices of the training images that select.</summary>
    public IReadOnlyList<int> Validation { get; }

    /// <summary>Indices of the test images.</summary>
    public IReadOnlyList<int> Test { get; }

    /// <inheritdoc/>
    public int StepsPerEpoch => _training.StepsPerEpoch;

    /// <inheritdoc/>
    public TimeSpan Wait => _training.Wait;

    /// <summary>Batches of any images, scaled, in their order.</summary>
    /// <param name="images">A data set of the same classes.</param>
    /// <param name="indices">Which of its images.</param>
    public IEnumerable<TaskBatch> Plain(IDetectionDataset images, IReadOnlyList<int> indices) => new DetectionLoader(images, indices, _plain).Epoch(0).Select(ToTensors);

    IEnumerable<TaskBatch> ITaskData.Training(int epoch, int firstStep) => _training.Epoch(epoch, firstStep).Select(ToTensors);

    IEnumerable<TaskBatch> ITaskData.Calibration(int images)
    {
        int[] order = [.. Training];
        new SeededRandom(_options.Seed, CalibrationStream).Shuffle(order.AsSpan());
        return Plain(Dataset.Train, order[..Math.Min(images, order.Length)]);
    }

    IEnumerable<TaskBatch> ITaskData.Validation() => Plain(Dataset.Train, Validation);

    IEnumerable<TaskBatch> ITaskData.Test() => Plain(Dataset.Test, Test);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Threads that prepare a batch end with it; nothing else is held.
    }

    private TaskBatch ToTensors(DetectionBatch batch) => DetectionTargets.ToTensors(batch, _options.ImageSize, _options.ImageSize, _options.Device);
}
