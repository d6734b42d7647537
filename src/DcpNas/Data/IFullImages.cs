namespace DcpNas.Data;

/// <summary>Images that are kept in their full size, so that any part of them can be read.</summary>
internal interface IFullImages : IImageDataset
{
    /// <summary>Writes a part of an image, brought to the size of the data set.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    /// <param name="crop">Chooses the part once the size of the image is known.</param>
    /// <param name="chw">As for <see cref="IImageDataset.ReadPixels"/>.</param>
    /// <exception cref="InputException">The image cannot be read; the message names its file.</exception>
    void ReadPart(int index, RandomResizedCrop crop, Span<byte> chw);
}
