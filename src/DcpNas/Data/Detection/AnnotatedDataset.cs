namespace DcpNas.Data.Detection;

/// <summary>Image files with their annotations; decoded images are kept as long as all of them fit into the given number of bytes.</summary>
/// <remarks>
/// Boxes belong to the pixels as detectron2, OpenCV and browsers show them: turned by EXIF. Where the size of an annotation fits the stored pixels alone, it was made by tools that
/// ignore EXIF (PIL, torchvision), and the pixels stay as they are stored: boxes, pixels and sizes are in one frame either way, that of the annotation file, in which pycocotools evaluates.
/// </remarks>
internal sealed class AnnotatedDataset : IDetectionDataset
{
    private readonly AnnotatedImage[] _images;
    private readonly PixelImage?[]? _cache;

    /// <summary>Names the images; none is decoded before it is read.</summary>
    /// <param name="kind">The layout; reports add the name of the folder.</param>
    /// <param name="folder">The folder of the data.</param>
    /// <param name="classNames">The classes.</param>
    /// <param name="categoryIds">Their numbers in the files.</param>
    /// <param name="images">The images.</param>
    /// <param name="cacheBytes">Decoded images are kept if all fit into so many bytes.</param>
    public AnnotatedDataset(string kind, string folder, IReadOnlyList<string> classNames, IReadOnlyList<long> categoryIds, IEnumerable<AnnotatedImage> images, long cacheBytes)
    {
        (Kind, ClassNames, CategoryIds, _images) = (kind, classNames, categoryIds, [.. images]);
        Name = $"{kind}, {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}";
        _cache = _images.Sum(image => 3L * image.Width * image.Height) <= cacheBytes ? new PixelImage?[_images.Length] : null;
    }

    /// <summary>Decodes an image for its faults, and compares its size with that of its annotation.</summary>
    /// <exception cref="InputException">It cannot be decoded, or has another size.</exception>
    public static void Verify(string path, int width, int height) => new AnnotatedDataset("", ".", [], [], [new AnnotatedImage(path, 0, width, height, [])], cacheBytes: 0).Read(0);

    public string Name { get; }

    public string Kind { get; }

    public int Count => _images.Length;

    public IReadOnlyList<string> ClassNames { get; }

    public IReadOnlyList<long> CategoryIds { get; }

    public bool IsDecodedWhenRead => true;

    /// <summary>The file of an image.</summary>
    public string PathOf(int index) => _images[index].Path;

    /// <summary>Whether the annotation of an image belongs to its pixels as they are stored, sideways, and not as EXIF turns them: its size says so.</summary>
    /// <exception cref="InputException">The header of the file cannot be read.</exception>
    public bool IsMeantAsStored(int index) => ImageBitmap.IsMeantAsStored(_images[index].Path, Size(index));

    public string ImageName(int index) => Path.GetFileName(_images[index].Path);

    public long ImageId(int index) => _images[index].Id;

    public (int Width, int Height) Size(int index) => (_images[index].Width, _images[index].Height);

    public IReadOnlyList<LabelledBox> Boxes(int index) => _images[index].Boxes;

    public PixelImage Read(int index)
    {
        if (_cache is not null && Volatile.Read(ref _cache[index]) is { } kept)
        {
            return kept;
        }

        var (path, _, width, height, _) = _images[index];
        var image = ImageDecoder.ReadWhole(path, (width, height));
        if ((image.Width, image.Height) != (width, height))
        {
            throw InputException.InFile(path, "its size", $"{width} x {height} pixels, as its annotation says", $"{image.Width} x {image.Height}", "Replace the file, or correct the annotation.");
        }

        if (_cache is not null)
        {
            Volatile.Write(ref _cache[index], image);
        }

        return image;
    }
}
