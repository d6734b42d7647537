using DcpNas.Runtime;
using SkiaSharp;

namespace WebApi;

/// <summary>Decodes images for a model.</summary>
internal static class Photo
{
    private const long MostPixels = 100_000_000;

    /// <summary>Red, green and blue bytes of the size that the model reads; null where the bytes are no image.</summary>
    public static byte[]? Decode(byte[] bytes, PackedModel model)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || (long)codec.Info.Width * codec.Info.Height > MostPixels)
        {
            return null;
        }

        using var image = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        if (codec.GetPixels(image.Info, image.GetPixels()) != SKCodecResult.Success)
        {
            return null;
        }

        // As the model was evaluated: each side on its own, or the shorter side to so many pixels, then the centre.
        var (height, width) = (model.Graph.Input.Height, model.Graph.Input.Width);
        var stretch = model.Info.Preprocessing?.Fit == ImageFit.Stretch;
        var scale = Math.Max((double)(model.Info.Preprocessing?.Resize ?? 0) / Math.Min(image.Width, image.Height), Math.Max((double)height / image.Height, (double)width / image.Width));
        var (fullWidth, fullHeight) = stretch ? (width, height) : (Math.Max(width, (int)Math.Round(image.Width * scale)), Math.Max(height, (int)Math.Round(image.Height * scale)));
        if ((long)fullWidth * fullHeight > MostPixels)
        {
            return null;
        }

        using var scaled = new SKBitmap(new SKImageInfo(fullWidth, fullHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var from = new SKPixmap(image.Info.WithAlphaType(SKAlphaType.Opaque), image.GetPixels(), image.RowBytes);
        using var to = scaled.PeekPixels();
        if (!from.ScalePixels(to, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)))
        {
            return null;
        }

        var pixels = new byte[3 * height * width];
        var (left, top) = ((fullWidth - width) / 2, (fullHeight - height) / 2);
        for (var i = 0; i < height * width; i++)
        {
            scaled.GetPixelSpan().Slice(((top + (i / width)) * scaled.RowBytes) + (4 * (left + (i % width))), 3).CopyTo(pixels.AsSpan(3 * i));
        }

        return pixels;
    }
}
