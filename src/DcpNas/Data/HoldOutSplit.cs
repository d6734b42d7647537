namespace DcpNas.Data;

/// <summary>The training images, and those of them that are held out to select networks.</summary>
/// <param name="Training">Indices to learn from, ascending.</param>
/// <param name="Validation">Indices to select by, ascending; none of them is in <paramref name="Training"/>.</param>
public sealed record HoldOutSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Validation)
{
    /// <summary>Holds out the same share of every class, rounded, at least one image of each.</summary>
    /// <remarks>The images of each class are in the order of <see cref="DataSplit"/>; the last ones are held out. Depends on labels, seed, limit and share only.</remarks>
    /// <param name="data">The training images.</param>
    /// <param name="seed">Any number; the same one gives the same split.</param>
    /// <param name="share">Share that is held out, above 0 and below 1.</param>
    /// <param name="imageLimit">Images of both parts together; null takes all.</param>
    /// <exception cref="InputException">The limit exceeds the data, or leaves a class without an image for each part.</exception>
    public static HoldOutSplit Of(IImageDataset data, long seed, double share, int? imageLimit = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (training, validation) = (new List<int>(), new List<int>());
        var classes = DataSplit.TakeByClass(data, seed, imageLimit);
        for (var label = 0; label < classes.Length; label++)
        {
            var taken = classes[label];
            if (taken.Length < 2)
            {
                throw new InputException($"{data.Name}: class '{data.ClassNames[label]}' has {taken.Length} training image{(taken.Length == 1 ? "" : "s")} of "
                    + $"{classes.Sum(c => c.Length)}; training needs at least 2, one to learn from and one to hold out. Use more images.");
            }

            var held = HeldOf(taken.Length, share);
            training.AddRange(taken[..^held]);
            validation.AddRange(taken[^held..]);
        }

        training.Sort();
        validation.Sort();
        return new HoldOutSplit(training, validation);
    }

    /// <summary>How many images of a class are held out.</summary>
    /// <param name="images">Images of the class; of fewer than 2, none.</param>
    /// <param name="share">The share.</param>
    public static int HeldOf(int images, double share) => images < 2 ? 0 : Math.Clamp((int)Math.Round(images * share), 1, images - 1);
}
