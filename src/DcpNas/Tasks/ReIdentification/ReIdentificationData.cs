using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Images of persons as batches: K augmented images of each of P identities for training (PK sampling), held-out identities for validation, queries and gallery for the test.</summary>
/// <remarks>Of the held-out identities every image is ranked, and the first of each camera is asked for as well.</remarks>
public sealed class ReIdentificationData : ITaskData
{
    private readonly LabelledPersons _labelled;
    private readonly BatchLoader _training;
    private readonly BatchLoader _validation;
    private readonly BatchLoader _query;
    private readonly BatchLoader _gallery;
    private readonly BatchLoaderOptions _plain;

    /// <summary>Splits and prepares a data set.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="options">Sizes and seed.</param>
    /// <exception cref="OptionsException">The batches do not fit the identities.</exception>
    /// <exception cref="InputException">There are too few persons.</exception>
    public ReIdentificationData(PersonDataset dataset, ReIdentificationDataOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        Dataset = dataset;
        Split = new ReIdentificationImages(dataset, options).Persons;
        var identities = options.BatchSize / options.NumInstances;
        if (identities > Split.Labels.Count)
        {
            throw new OptionsException("options",
                [
                    $"batch_size / num_instances must not exceed the {Split.Labels.Count} training identities, got {identities}. "
                    + "Use a smaller batch_size or more identities.",
                ]);
        }

        _plain = options.Loading(dataset.Statistics);
        _labelled = new LabelledPersons(dataset.Train, Split);
        _training = new BatchLoader(_labelled, Split.Training, _plain with
        {
            Order = new PersonBatchOrder(_labelled, Split.Training, identities, options.NumInstances, options.Seed),
            DropLast = true,
            Augmentation = options.Augmentation,
            Shards = options.Shards,
        });
        _validation = new BatchLoader(dataset.Train, Split.Validation, _plain);
        _query = All(dataset.Query);
        _gallery = All(dataset.Gallery);
    }

    /// <summary>The data set.</summary>
    public PersonDataset Dataset { get; }

    /// <summary>Who is learned from and who selects.</summary>
    public PersonSplit Split { get; }

    /// <summary>How images are read that are not learned from.</summary>
    internal BatchLoaderOptions Plain => _plain;

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
        int[] order = [.. Split.Training];
        new SeededRandom(_plain.Seed, 0x63616c).Shuffle(order.AsSpan());
        using var loader = new BatchLoader(_labelled, order[..Math.Min(images, order.Length)], _plain);
        foreach (var batch in loader.Epoch(0))
        {
            yield return TaskBatch.Of(batch);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<TaskBatch> Validation()
    {
        var images = Dataset.Train;
        var asked = Split.Validation.GroupBy(index => (images.Label(index), images.Camera(index))).Select(group => group.First()).ToHashSet();
        return Batches(_validation, images, Split.Validation, index => asked.Contains(index) ? PersonRole.Both : PersonRole.Gallery);
    }

    /// <inheritdoc/>
    public IEnumerable<TaskBatch> Test() => Batches(_query, Dataset.Query, null, _ => PersonRole.Query).Concat(Batches(_gallery, Dataset.Gallery, null, _ => PersonRole.Gallery));

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        _validation.Dispose();
        _query.Dispose();
        _gallery.Dispose();
    }

    private BatchLoader All(IPersonImages images) => new(images, [.. Enumerable.Range(0, images.Count)], _plain);

    private static IEnumerable<TaskBatch> Batches(BatchLoader loader, IPersonImages images, IReadOnlyList<int>? indices, Func<int, PersonRole> role)
    {
        var at = 0;
        foreach (var batch in loader.Epoch(0))
        {
            int[] shown = [.. Enumerable.Range(at, (int)batch.Labels.shape[0]).Select(i => indices is null ? i : indices[i])];
            at += shown.Length;
            batch.Labels.Dispose();
            yield return new TaskBatch(batch.Images, Target(shown, images.Identity), Target(shown, images.Camera), Target(shown, index => (int)role(index)));
        }
    }

    private static Tensor Target(int[] indices, Func<int, int> of) => tensor([.. indices.Select(index => (long)of(index))], device: CPU).DetachFromDisposeScope();
}
