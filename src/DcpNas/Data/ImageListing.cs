namespace DcpNas.Data;

/// <summary>The images of a folder, before any is decoded.</summary>
/// <param name="ClassNames">The classes, in the order of their labels.</param>
/// <param name="Train">Images that learn, with their labels; all of them where <paramref name="Test"/> is null.</param>
/// <param name="Test">Test images; null where the folder does not say which.</param>
internal sealed record ImageListing(string[] ClassNames, IReadOnlyList<(string Path, int Label)> Train, IReadOnlyList<(string Path, int Label)>? Test)
{
    /// <summary>Draws the test images: the same share of every class.</summary>
    /// <param name="name">What messages call the data.</param>
    /// <param name="options">The share and the seed.</param>
    /// <exception cref="InputException">A class has fewer than two images.</exception>
    public (IReadOnlyList<(string Path, int Label)> Learns, IReadOnlyList<(string Path, int Label)> Judges) HoldOut(string name, DatasetOptions options)
    {
        var all = new ImageFolderDataset(name, ClassNames, [.. Train.Select(image => image.Path)], [.. Train.Select(image => image.Label)], options.ImageSize, options.ImageSize, cacheBytes: 0);
        var split = HoldOutSplit.Of(all, options.SplitSeed, options.TestShare);
        return ([.. split.Training.Select(index => Train[index])], [.. split.Validation.Select(index => Train[index])]);
    }
}
