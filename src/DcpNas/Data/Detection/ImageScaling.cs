namespace DcpNas.Data.Detection;

/// <summary>Image files as detectors read them: the whole image, scaled to a size, each side on its own.</summary>
public static class ImageScaling
{
    /// <summary>Decodes an image file; its pixels are upright.</summary>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static PixelImage Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ImageDecoder.ReadWhole(path);
    }

    /// <summary>An image at a size.</summary>
    /// <param name="image">The image.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <returns><c>[height, width, 3]</c>.</returns>
    public static byte[] Scale(PixelImage image, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = new byte[3 * height * width];
        Resampler.Scale(image, height, width, pixels);
        return pixels;
    }
}
