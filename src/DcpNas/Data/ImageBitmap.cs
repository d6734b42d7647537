using DcpNas.Runtime;
using SkiaSharp;

namespace DcpNas.Data;

/// <summary>Decodes image files into bitmaps: the one place where a file becomes pixels.</summary>
/// <remarks>
/// Pixels are upright: the orientation that EXIF states (of JPEG, PNG and WebP files) is applied, as OpenCV, detectron2 and every viewer apply it. Transparency is dropped, not
/// blended; colour profiles are ignored. A file of more pixels than <see cref="MaximumPixels"/> is refused by its header, before memory is taken for it.
/// </remarks>
internal static class ImageBitmap
{
    /// <summary>What <see cref="MaximumPixels"/> is where nobody sets it: 512 MiB decoded.</summary>
    public const long DefaultMaximumPixels = 1 << 27;

    /// <summary>The formats that are read, for messages.</summary>
    public const string Formats = "JPEG, PNG, WebP or BMP";

    /// <summary>Closes messages about files that are no use.</summary>
    public const string Remedy = "Replace or delete the file.";

    private static readonly SKEncodedImageFormat[] Known = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp, SKEncodedImageFormat.Bmp];

    /// <summary>Most pixels of an image, of its file and at the size that it is brought to. For the whole process.</summary>
    public static long MaximumPixels { get; set; } = DefaultMaximumPixels;

    /// <summary>Decodes a file.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="annotated">The size that an annotation states. The pixels stay as they are stored where that is the size of the stored pixels and not of the upright ones.</param>
    /// <returns>Red, green, blue and a fourth byte of every pixel.</returns>
    /// <exception cref="InputException">The file cannot be decoded completely, or has too many pixels.</exception>
    public static SKBitmap Decode(string path, (int Width, int Height)? annotated = null) => Open(path, (codec, orientation) =>
    {
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            bitmap.Dispose();
            throw InputException.InFile(path, "its pixels", $"{codec.Info.Width} x {codec.Info.Height} decodable pixels", $"damaged or missing data ({result})", Remedy);
        }

        return IsMeantAsStored(codec, orientation, annotated) ? bitmap : Upright(bitmap, orientation);
    });

    /// <summary>Whether an annotation states the size of the stored pixels of a file, where that is not the size of the upright ones.</summary>
    /// <exception cref="InputException">The header of the file cannot be read.</exception>
    public static bool IsMeantAsStored(string path, (int Width, int Height) annotated) => Open(path, (codec, orientation) => IsMeantAsStored(codec, orientation, annotated));

    /// <summary>Refuses sizes that take too much memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="what">Which pixels they are, after "pixels": " once the shorter side has 224".</param>
    /// <param name="found">The size for the message.</param>
    /// <exception cref="InputException">The pixels are more than <see cref="MaximumPixels"/>.</exception>
    public static void ThrowIfTooLarge(string path, long width, long height, string what, string found)
    {
        if (width * height > MaximumPixels)
        {
            throw InputException.InFile(path, "its size", FormattableString.Invariant($"at most {MaximumPixels:N0} pixels{what}"), found,
                "Scale the image down or delete the file, or raise the limit with --max-image-pixels (a pixel takes 4 bytes).");
        }
    }

    private static T Open<T>(string path, Func<SKCodec, ImageOrientation, T> read)
    {
        try
        {
            using var stream = File.OpenRead(path);
            LfsPointer.ThrowIfOne(path, stream);
            using var codec = SKCodec.Create(stream, out var opened)
                ?? throw InputException.InFile(path, "its start", $"a {Formats} image", $"data that cannot be decoded ({opened})", Remedy);
            if (!Known.Contains(codec.EncodedFormat))
            {
                throw InputException.InFile(path, "its start", $"a {Formats} image", $"an image of another format ({codec.EncodedFormat})", "Convert or delete the file.");
            }

            ThrowIfTooLarge(path, codec.Info.Width, codec.Info.Height, "", $"{codec.Info.Width} x {codec.Info.Height}");
            return read(codec, codec.EncodedFormat == SKEncodedImageFormat.Png ? OrientationOfPng(path) : (ImageOrientation)codec.EncodedOrigin); // both are EXIF's numbers
        }
        catch (Exception error) when (DataFile.IsFileFault(error))
        {
            throw DataFile.Unreadable(path, error);
        }
    }

    private static ImageOrientation OrientationOfPng(string path)
    {
        using var stream = File.OpenRead(path); // the codec reads on in its own
        return PngOrientation.Of(stream);
    }

    private static bool IsMeantAsStored(SKCodec codec, ImageOrientation orientation, (int Width, int Height)? annotated) =>
        orientation >= ImageOrientation.LeftTop && annotated == (codec.Info.Width, codec.Info.Height) && codec.Info.Width != codec.Info.Height;

    /// <summary>The pixels as people see them; the stored bitmap is freed where it is another one.</summary>
    private static SKBitmap Upright(SKBitmap stored, ImageOrientation orientation)
    {
        if (orientation == ImageOrientation.TopLeft)
        {
            return stored;
        }

        using (stored)
        {
            var image = new DecodedImage(stored.GetPixelSpan(), stored.Width, stored.Height, PixelFormat.Rgba, orientation, stored.RowBytes);
            var upright = new SKBitmap(stored.Info.WithSize(image.Width, image.Height));
            image.CopyUprightTo(upright.GetPixelSpan());
            return upright;
        }
    }
}
