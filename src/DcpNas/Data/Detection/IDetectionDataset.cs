namespace DcpNas.Data.Detection;

/// <summary>Images of any size with boxes. Immutable; every member may be called from several threads at once.</summary>
public interface IDetectionDataset
{
    /// <summary>What reports call this data.</summary>
    string Name { get; }

    /// <summary>What the data are, however their folder is called: a run is resumed on data of the same kind, number and size.</summary>
    string Kind => Name;

    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>One name per class.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>The number of each class in the files of the data, for results: COCO's are not consecutive.</summary>
    IReadOnlyList<long> CategoryIds => [.. Enumerable.Range(1, ClassNames.Count).Select(number => (long)number)];

    /// <summary>Whether the data have an annotation file of COCO's, whose numbers of images and classes these are.</summary>
    bool IsCoco => Kind == CocoReader.Kind;

    /// <summary>Whether images are decoded from their files when they are read, so that a damaged one shows only then.</summary>
    bool IsDecodedWhenRead => false;

    /// <summary>What a reader finds the image again by.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    string ImageName(int index);

    /// <summary>The number of the image in the files of the data; the index where it has none.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    long ImageId(int index);

    /// <summary>The size of an image, in pixels.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    (int Width, int Height) Size(int index);

    /// <summary>The objects of an image, inside of it.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    IReadOnlyList<LabelledBox> Boxes(int index);

    /// <summary>Decodes an image. The result may be shared: nobody writes into it.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    /// <exception cref="InputException">The image cannot be read, or has another size than the annotations say.</exception>
    PixelImage Read(int index);
}
