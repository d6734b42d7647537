using DcpNas.Data;

namespace DcpNas.Tasks.Classification;

/// <summary>Labelled images as batches: training images augmented, a part of them held out, test images apart.</summary>
public sealed class ClassificationData : ITaskData
{
    private readonly BatchLoader _training;
    private readonly BatchLoader _validation;
    private readonly BatchLoader _test;
    private readonly BatchLoaderOptions _plain;

    /// <summary>Splits and prepares a data set.</summary>
    /// <param name="dataset">The images; its augmentation is used.</param>
    /// <param name="options">Sizes and seed.</param>
    /// <exception cref="InputException">There are too few images.</exception>
    public ClassificationData(DatasetPair dataset, ClassificationDataOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        Dataset = dataset;
        Split = HoldOutSplit.Of(dataset.Train, options.Seed, options.ValidationShare, options.TrainImages);
        TestImages = DataSplit.Subset(dataset.Test, options.Seed, options.TestImages);
        if (Split.Training.Count < options.BatchSize)
        {
            throw new OptionsException("options",
                [$"batch_size must not exceed the {Split.Training.Count} images to learn from, got {options.BatchSize}. Use more train_images or a smaller batch_size."]);
        }

        _plain = new BatchLoaderOptions
        {
            BatchSize = options.BatchSize,
            Workers = options.Workers,
            Seed = options.Seed,
            ChannelsLast = true,
            Statistics = dataset.Statistics,
            Device = options.Device,
        };
        _training = new BatchLoader(dataset.Train, Split.Training, _plain with { Shuffle = true, DropLast = true, Augmentation = dataset.Augmentation });
        _validation = new BatchLoader(dataset.Train, Split.Validation, _plain);
        _test = new BatchLoader(dataset.Test, TestImages, _plain);
    }

    /// <summary>The data set.</summary>
    public DatasetPair Dataset { get; }

    /// <summary>Indices of the training images.</summary>
    public HoldOutSplit Split { get; }

    /// <summary>Indices of the test images.</summary>
    public IReadOnlyList<int> TestImages { get; }

    /// <inheritdoc/>
    public int StepsPerEpoch => _training.StepsPerEpoch;

    /// <inheritdoc/>
    public TimeSpan Wait => _training.ConsumerWait;

    /// <inheritdoc/>
    public IEnumerable<TaskBatch> Training(int epoch, int firstStep = 0) => _training.Epoch(epoch, firstStep).Select(TaskBatch.Of);

    /// <inheritdoc/>
    public IEnumerable<TaskBatch> Calibration(int images)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        var count = Math.Min(images, Split.Training.Count);
        int[] order = [.. Split.Training];
        new SeededRandom(_plain.Seed, 0x63616c).Shuffle(order.AsSpan());
        using var loader = new BatchLoader(Dataset.Train, order[..count], _plain);
        foreach (var batch in loader.Epoch(0))
        {
            yield return TaskBatch.Of(batch);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<TaskBatch> Validation() => _validation.Epoch(0).Select(TaskBatch.Of);

    /// <inheritdoc/>
    public IEnumerable<TaskBatch> Test() => _test.Epoch(0).Select(TaskBatch.Of);

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        _validation.Dispose();
        _test.Dispose();
    }
}
