using SkiaSharp;

namespace DcpNas.Data;

/// <summary>Encodes images of data sets for reports.</summary>
public static class ImageEncoder
{
    /// <summary>A PNG file of an image.</summary>
    /// <param name="data">The images.</param>
    /// <param name="index">Which one.</param>
    /// <exception cref="InputException">The image cannot be read; the message names its file.</exception>
    public static byte[] Png(IImageDataset data, int index)
    {
        ArgumentNullException.ThrowIfNull(data);
        var pixels = new byte[data.BytesPerImage];
        data.ReadPixels(index, pixels);
        return Png(pixels, data.Channels, data.Height, data.Width);
    }

    /// <summary>A PNG file of pixels.</summary>
    /// <param name="pixels"><c>[channels, height, width]</c>.</param>
    /// <param name="channels">3, or 1, which fills all three.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static byte[] Png(ReadOnlySpan<byte> pixels, int channels, int height, int width)
    {
        var plane = height * width;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var rgba = target.Slice((y * bitmap.RowBytes) + (x * 4), 4);
                for (var channel = 0; channel < 3; channel++)
                {
                    rgba[channel] = pixels[(int.Min(channel, channels - 1) * plane) + (y * width) + x]; // grey fills all three
                }

                rgba[3] = byte.MaxValue;
            }
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return encoded.ToArray();
    }
}
