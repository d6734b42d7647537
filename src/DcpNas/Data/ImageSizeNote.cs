namespace DcpNas.Data;

/// <summary>What a user should know who asks for a size of images that have one of their own.</summary>
public static class ImageSizeNote
{
    /// <summary>The sentence; null where the size is kept or is the default.</summary>
    /// <param name="dataset">The name of the data set, one of <see cref="DatasetNames"/>.</param>
    /// <param name="asked">image_size.</param>
    /// <param name="usual">Its default, which nobody has asked for.</param>
    /// <param name="images">The images.</param>
    public static string? Of(string dataset, int asked, int usual, IImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return dataset == DatasetNames.Folder || asked == usual || asked == images.Height
            ? null
            : $"image_size {asked} has no effect: only images of a folder are scaled, those of {images.Name} stay {images.Height} x {images.Width}.";
    }
}
