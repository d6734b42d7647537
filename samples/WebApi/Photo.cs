using System.Runtime.InteropServices;
using DcpNas.Runtime;
using SkiaSharp;

namespace WebApi;

/// <summary>Decodes images for a model.</summary>
internal static class Photo
{
    /// <summary>Red, green and blue bytes of the size that the model reads; null where the bytes are no image, or one of too many pixels.</summary>
    /// <param name="bytes">An image file.</param>
    /// <param name="model">The model.</param>
    /// <param name="mostPixels">The limit, checked before memory is taken: a pixel takes 4 bytes, 8 while a photo is turned.</param>
    public static byte[]? Decode(byte[] bytes, PackedModel model, long mostPixels)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || (long)codec.Info.Width * codec.Info.Height > mostPixels)
        {
            return null;
        }

        using var stored = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        if (codec.GetPixels(stored.Info, stored.GetPixels()) != SKCodecResult.Success)
        {
            return null;
        }

        using var turned = Upright(stored, codec.EncodedOrigin);
        var image = turned ?? stored;

        // As the model was evaluated: each side on its own, or the shorter side to so many pixels, then the centre.
        var (height, width) = (model.Graph.Input.Height, model.Graph.Input.Width);
        var stretch = model.Info.Preprocessing?.Fit == ImageFit.Stretch;
        var scale = Math.Max((double)(model.Info.Preprocessing?.Resize ?? 0) / Math.Min(image.Width, image.Height), Math.Max((double)height / image.Height, (double)width / image.Width));
        var (fullWidth, fullHeight) = stretch ? (width, height) : (Math.Max(width, (int)Math.Round(image.Width * scale)), Math.Max(height, (int)Math.Round(image.Height * scale)));
        if ((long)fullWidth * fullHeight > mostPixels)
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

    /// <summary>The picture as people see it: cameras store it as the sensor lies and say in EXIF how to turn it. Null where it is upright already.</summary>
    private static SKBitmap? Upright(SKBitmap stored, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
        {
            return null;
        }

        var swap = origin >= SKEncodedOrigin.LeftTop;
        var fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        var upright = new SKBitmap(stored.Info.WithSize(swap ? stored.Height : stored.Width, swap ? stored.Width : stored.Height));
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<byte, uint>(stored.GetPixelSpan());
        var to = MemoryMarshal.Cast<byte, uint>(upright.GetPixelSpan());
        for (var y = 0; y < upright.Height; y++)
        {
            for (var x = 0; x < upright.Width; x++)
            {
                var (column, row) = swap ? (y, x) : (x, y);
                column = fromRight ? stored.Width - 1 - column : column;
                row = fromBottom ? stored.Height - 1 - row : row;
                to[(y * upright.Width) + x] = from[(row * stored.Width) + column];
            }
        }

        return upright;
    }
}
