namespace DcpNas.Tasks;

/// <summary>The images of a task, and which of them are learned from, select and test.</summary>
/// <remarks>Training, evaluation and export of a run ask here; no other class splits, so that no network is evaluated or calibrated on what it has learned.</remarks>
/// <typeparam name="TImages">How images are read.</typeparam>
public interface ITaskImages<TImages>
{
    /// <summary>The images of a split.</summary>
    /// <param name="name">One of <see cref="SplitNames"/>.</param>
    /// <param name="images">How many of them; null: as many as the options of the task say, which is all unless they say otherwise.</param>
    /// <exception cref="InputException">There are not so many, or too few to be split.</exception>
    ImageSplit<TImages> Split(string name, int? images = null);
}

/// <summary>The names of splits.</summary>
public static class SplitNames
{
    /// <summary>What is learned from.</summary>
    public const string Train = "train";

    /// <summary>What is held out of the training images to select the best network.</summary>
    public const string Valid = "valid";

    /// <summary>What the selected network is tested on; of an image folder, the images of <c>val</c>.</summary>
    public const string Test = "test";

    internal static ArgumentException Unknown(string name) => new($"Unknown split '{name}'. Known splits: {Train}, {Valid}, {Test}.", nameof(name));
}

/// <summary>Some images of a data set.</summary>
/// <typeparam name="TImages">How images are read.</typeparam>
/// <param name="Images">The data set.</param>
/// <param name="Indices">Which of its images, ascending.</param>
/// <param name="Kind">What reports call them: validation images.</param>
public sealed record ImageSplit<TImages>(TImages Images, IReadOnlyList<int> Indices, string Kind)
{
    /// <summary>The first of these images.</summary>
    /// <param name="images">How many; null: all.</param>
    /// <param name="name">What messages call the data.</param>
    /// <exception cref="InputException">There are not so many.</exception>
    internal ImageSplit<TImages> First(int? images, string name)
    {
        if (images is not { } count)
        {
            return this;
        }

        Data.DataSplit.ThrowIfNotWithin(name, count, Indices.Count);
        return this with { Indices = [.. Indices.Take(count)] };
    }
}
