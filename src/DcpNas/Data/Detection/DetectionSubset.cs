namespace DcpNas.Data.Detection;

/// <summary>Some images of a data set.</summary>
/// <param name="whole">All images.</param>
/// <param name="indices">Those that belong to it, in their order.</param>
/// <param name="name">What reports call it; null: as the whole.</param>
public sealed class DetectionSubset(IDetectionDataset whole, IReadOnlyList<int> indices, string? name = null) : IDetectionDataset
{
    /// <inheritdoc/>
    public string Name => name ?? whole.Name;

    /// <inheritdoc/>
    public string Kind => whole.Kind;

    /// <inheritdoc/>
    public int Count => indices.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => whole.ClassNames;

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds => whole.CategoryIds;

    /// <inheritdoc/>
    public bool IsDecodedWhenRead => whole.IsDecodedWhenRead;

    /// <inheritdoc/>
    public string ImageName(int index) => whole.ImageName(indices[index]);

    /// <inheritdoc/>
    public long ImageId(int index) => whole.ImageId(indices[index]);

    /// <inheritdoc/>
    public (int Width, int Height) Size(int index) => whole.Size(indices[index]);

    /// <inheritdoc/>
    public IReadOnlyList<LabelledBox> Boxes(int index) => whole.Boxes(indices[index]);

    /// <inheritdoc/>
    public PixelImage Read(int index) => whole.Read(indices[index]);

    /// <summary>Splits images at random: the first part takes what is left.</summary>
    /// <param name="whole">All images.</param>
    /// <param name="seed">Names the order.</param>
    /// <param name="share">Share of the second part, rounded, at least one image.</param>
    /// <exception cref="InputException">There are fewer than two images.</exception>
    public static (IReadOnlyList<int> First, IReadOnlyList<int> Second) Split(int whole, long seed, double share)
    {
        if (whole < 2)
        {
            throw new InputException($"Images to learn from and images to hold out need at least 2 images, got {whole}. Use more images.");
        }

        const long Stream = 0x68656c64;
        int[] order = [.. Enumerable.Range(0, whole)];
        new SeededRandom(seed, Stream).Shuffle(order.AsSpan());
        var held = Math.Clamp((int)Math.Round(whole * share), 1, whole - 1);
        return ([.. order[..^held].Order()], [.. order[^held..].Order()]);
    }
}
