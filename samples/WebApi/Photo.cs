using DcpNas.Runtime;
using SkiaSharp;

namespace WebApi;

/// <summary>Decodes images for a model; all else the runtime does.</summary>
internal static class Photo
{
    private static readonly SKEncodedImageFormat[] Formats = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp, SKEncodedImageFormat.Bmp]; // Skia decodes more, which dcpnas does not train on

    /// <summary>The pixels that the model reads; null where the bytes are no whole image, one of another format, or one of too many pixels.</summary>
    /// <param name="bytes">A JPEG, PNG, WebP or BMP file.</param>
    /// <param name="preparer">Turns, scales and cuts as the training did.</param>
    /// <param name="mostPixels">The limit, checked before memory is taken: a pixel takes 4 bytes.</param>
    public static byte[]? Decode(byte[] bytes, ImagePreparer preparer, long mostPixels)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || !Formats.Contains(codec.EncodedFormat) || (long)codec.Info.Width * codec.Info.Height > mostPixels)
        {
            return null;
        }

        using var image = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        if (codec.GetPixels(image.Info, image.GetPixels()) != SKCodecResult.Success)
        {
            return null;
        }

        try
        {
            return preparer.Prepare(new DecodedImage(image.GetPixelSpan(), image.Width, image.Height, PixelFormat.Rgba, OrientationOf(bytes, codec), image.RowBytes));
        }
        catch (ArgumentException)
        {
            return null; // a strip that would have too many pixels once it is scaled
        }
    }

    /// <summary>What EXIF says: Skia reads it of JPEG and WebP, not of PNG.</summary>
    private static ImageOrientation OrientationOf(byte[] bytes, SKCodec codec) =>
        codec.EncodedFormat == SKEncodedImageFormat.Png ? PngOrientation.Of(new MemoryStream(bytes)) : (ImageOrientation)codec.EncodedOrigin;
}
