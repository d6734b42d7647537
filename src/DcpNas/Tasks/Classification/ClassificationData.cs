using DcpNas.Data;

namespace DcpNas.Tasks.Classification;

/// <summary>Labelled images as batches: training images augmented, a part of them held out, test images apart.</summary>
public sealed class ClassificationData : ITaskData
{
    private readonly BatchLoader _training;
    private readonly BatchLoader _validation;
    private readonly BatchLoader _test;
    private readonly BatchLoaderOptions _plain;
    private readonly IReadOnlyList<int> _learned;

    /// <summary>Splits and prepares a data set.</summary>
    /// <param name="dataset">The images; its augmentation is used.</param>
    /// <param name="options">Sizes and seed.</param>
    /// <exception cref="InputException">There are too few images.</exception>
    public ClassificationData(DatasetPair dataset, TaskDataOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        Dataset = dataset;
        var images = new ClassificationImages(dataset, options);
        var (validation, test) = (images.Split(SplitNames.Valid), images.Split(SplitNames.Test));
        (_learned, TestImages) = (images.Split(SplitNames.Train).Indices, test.Indices);
        Images = new TaskImageCounts(_learned.Count, validation.Indices.Count, TestImages.Count, dataset.Test.Count);
        if (_learned.Count < options.BatchSize)
        {
            throw new OptionsException("options",
                [$"batch_size must not exceed the {_learned.Count} images to learn from, got {options.BatchSize}. Use more train_images or a smaller batch_size."]);
        }

        _plain = options.Loading(dataset.Statistics);
        _training = new BatchLoader(dataset.Train, _learned, _plain with { Shuffle = true, DropLast = true, Augmentation = dataset.Augmentation, Shards = options.Shards });
        _validation = new BatchLoader(validation.Images, validation.Indices, _plain);
        _test = new BatchLoader(test.Images, test.Indices, _plain);
    }

    /// <summary>The data set.</summary>
    public DatasetPair Dataset { get; }

    /// <summary>How many images are for training, validation and test.</summary>
    public TaskImageCounts Images { get; }

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
        var count = Math.Min(images, _learned.Count);
        int[] order = [.. _learned];
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
