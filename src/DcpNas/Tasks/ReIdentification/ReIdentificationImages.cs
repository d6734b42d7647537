using DcpNas.Data;
using DcpNas.Data.ReIdentification;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Images of persons: some persons are learned from, others are held out, and queries and gallery are apart.</summary>
/// <param name="dataset">The images.</param>
/// <param name="options">Seed and share of the split.</param>
public sealed class ReIdentificationImages(PersonDataset dataset, TaskDataOptions options) : ITaskImages<IImageDataset>
{
    private readonly Lazy<PersonSplit> _persons = new(() => PersonSplit.Of(dataset.Train, options.Seed, options.ValidationShare));

    /// <summary>The data set.</summary>
    public PersonDataset Dataset { get; } = dataset;

    /// <summary>Who is learned from and who selects.</summary>
    /// <exception cref="InputException">There are too few persons.</exception>
    public PersonSplit Persons => _persons.Value;

    /// <inheritdoc/>
    /// <remarks>The test split is that of the queries; their protocol ranks the whole gallery.</remarks>
    public ImageSplit<IImageDataset> Split(string name, int? images = null) => (name switch
    {
        SplitNames.Train => new ImageSplit<IImageDataset>(Dataset.Train, Persons.Training, "training images"),
        SplitNames.Valid => new(Dataset.Train, Persons.Validation, "validation images"),
        SplitNames.Test => new(Dataset.Query, [.. Enumerable.Range(0, Dataset.Query.Count)], "queries"),
        _ => throw SplitNames.Unknown(name),
    }).First(images, Dataset.Name);
}
