namespace DcpNas.Data;

/// <summary>Images in one folder per class, decoded when they are read: shorter side to <c>resize</c> pixels, centre square of <c>size</c>.</summary>
/// <remarks>
/// Decoded images are kept, as long as all of them fit into the given number of bytes; decoding one costs about a millisecond, so without the
/// cache small networks wait for it.
/// </remarks>
internal sealed class ImageFolderDataset : IFullImages
{
    private readonly string[] _paths;
    private readonly int[] _labels;
    private readonly int _size;
    private readonly int _resize;
    private readonly byte[]?[]? _cache;

    public ImageFolderDataset(string name, string[] classNames, string[] paths, int[] labels, int size, int resize, long cacheBytes)
    {
        Name = name;
        ClassNames = classNames;
        _paths = paths;
        _labels = labels;
        _size = size;
        _resize = resize;
        _cache = 3L * size * size * paths.Length <= cacheBytes ? new byte[]?[paths.Length] : null;
    }

    public string Name { get; }

    public string Kind => ImageFolderReader.Kind;

    public int Count => _paths.Length;

    public int Channels => 3;

    public int Height => _size;

    public int Width => _size;

    public IReadOnlyList<string> ClassNames { get; }

    public bool IsDecodedWhenRead => true;

    public int Label(int index) => _labels[index];

    /// <summary>The file as <c>class/name.jpg</c>.</summary>
    public string ImageName(int index) => $"{ClassNames[_labels[index]]}/{Path.GetFileName(_paths[index])}";

    public void ReadPixels(int index, Span<byte> chw)
    {
        var length = 3 * _size * _size;
        if (_cache is null)
        {
            ImageDecoder.ReadSquare(_paths[index], _size, _resize, chw[..length]);
            return;
        }

        var pixels = Volatile.Read(ref _cache[index]);
        if (pixels is null)
        {
            // Two threads may decode the same file at once; both get the same bytes, so either may stay.
            pixels = new byte[length];
            ImageDecoder.ReadSquare(_paths[index], _size, _resize, pixels);
            Volatile.Write(ref _cache[index], pixels);
        }

        pixels.CopyTo(chw);
    }

    public void ReadPart(int index, RandomResizedCrop crop, Span<byte> chw) => ImageDecoder.ReadPart(_paths[index], crop, _size, chw[..(3 * _size * _size)]);
}
