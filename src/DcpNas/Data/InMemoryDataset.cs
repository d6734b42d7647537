namespace DcpNas.Data;

/// <summary>Images that are held in memory as bytes <c>[N, C, H, W]</c>.</summary>
internal sealed class InMemoryDataset : IImageDataset
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    public InMemoryDataset(string name, IReadOnlyList<string> classNames, int channels, int height, int width, byte[] pixels, byte[] labels)
    {
        Name = name;
        ClassNames = classNames;
        Channels = channels;
        Height = height;
        Width = width;
        _pixels = pixels;
        _labels = labels;
    }

    public string Name { get; }

    public int Count => _labels.Length;

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public IReadOnlyList<string> ClassNames { get; }

    public int Label(int index) => _labels[index];

    public void ReadPixels(int index, Span<byte> chw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var size = Channels * Height * Width;
        _pixels.AsSpan(checked(index * size), size).CopyTo(chw);
    }
}
