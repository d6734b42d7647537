namespace DcpNas.Data;

/// <summary>Labelled images of one size. Immutable; every member may be called from several threads at once.</summary>
public interface IImageDataset
{
    /// <summary>What reports call this data. It says so where the files are not the official ones: "CIFAR-10 (not the official files)".</summary>
    string Name { get; }

    /// <summary>What the data are, however their folder is called: a run is resumed on data of the same kind, number and size.</summary>
    string Kind => Name;

    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>Colour channels: 3 in the order red, green, blue, or 1.</summary>
    int Channels { get; }

    /// <summary>Rows of every image, in pixels.</summary>
    int Height { get; }

    /// <summary>Columns of every image, in pixels.</summary>
    int Width { get; }

    /// <summary>One name per label; its length is the number of classes.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Bytes that <see cref="ReadPixels"/> writes: <c>Channels * Height * Width</c>.</summary>
    int BytesPerImage => Channels * Height * Width;

    /// <summary>Whether images are decoded from their files when they are read, so that a damaged one shows only then.</summary>
    bool IsDecodedWhenRead => false;

    /// <summary>The class of an image, from 0 to <c>ClassNames.Count - 1</c>.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    int Label(int index);

    /// <summary>What a reader finds the image again by: its file within the data set, or its index.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    string ImageName(int index) => $"{index}";

    /// <summary>Writes the pixels of an image, 0 to 255, channel by channel and row by row.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    /// <param name="chw">At least <see cref="BytesPerImage"/> bytes, shape <c>[C, H, W]</c>.</param>
    /// <exception cref="InputException">The image cannot be read; the message names its file.</exception>
    void ReadPixels(int index, Span<byte> chw);
}
