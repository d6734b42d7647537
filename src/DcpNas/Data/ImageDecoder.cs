using DcpNas.Data.Detection;
using DcpNas.Runtime;
using SkiaSharp;

namespace DcpNas.Data;

/// <summary>Reads image files as bytes of a size that a network takes.</summary>
/// <remarks>Pixels are upright and have the limits of <see cref="ImageBitmap"/>.</remarks>
internal static class ImageDecoder
{
    /// <summary>Extensions that are read, lower case.</summary>
    public static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];

    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>The extensions for messages: <c>.jpg, .jpeg, .png</c> and so on.</summary>
    public static string ExtensionList => string.Join(", ", Extensions);

    /// <summary>Decodes a file for its faults.</summary>
    /// <returns>Width and height in pixels, upright.</returns>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static (int Width, int Height) Verify(string path)
    {
        using var bitmap = ImageBitmap.Decode(path);
        return (bitmap.Width, bitmap.Height);
    }

    /// <summary>Resizes the shorter side and writes the centre square.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="size">Side of the square, in pixels.</param>
    /// <param name="shorter">Pixels of the shorter side before the cut, at least <paramref name="size"/>.</param>
    /// <param name="chw"><c>[3, size, size]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadSquare(string path, int size, int shorter, Span<byte> chw)
    {
        using var bitmap = Fit(path, shorter, size, size);
        WritePlanes(bitmap, (bitmap.Width - size) / 2, (bitmap.Height - size) / 2, size, size, chw);
    }

    /// <summary>Writes a part of an image, resized to a square.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="crop">Chooses the part.</param>
    /// <param name="size">Side of the square, in pixels.</param>
    /// <param name="chw"><c>[3, size, size]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadPart(string path, RandomResizedCrop crop, int size, Span<byte> chw)
    {
        using var decoded = ImageBitmap.Decode(path);
        using var resized = Resize(decoded, crop.Draw(decoded.Width, decoded.Height), size, size);
        WritePlanes(resized, 0, 0, size, size, chw);
    }

    /// <summary>Resizes to the given size, whatever the shape of the image.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="chw"><c>[3, height, width]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadStretched(string path, int height, int width, Span<byte> chw)
    {
        using var decoded = ImageBitmap.Decode(path);
        using var resized = width == decoded.Width && height == decoded.Height ? null : Resize(decoded, width, height);
        WritePlanes(resized ?? decoded, 0, 0, height, width, chw);
    }

    /// <summary>Resizes so that the shorter side has <paramref name="shorter"/> pixels, more where the cut would not fit, and writes the centre.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="shorter">Pixels of the shorter side; 0 for as few as the cut needs.</param>
    /// <param name="height">Rows of the cut.</param>
    /// <param name="width">Columns of the cut.</param>
    /// <param name="hwc"><c>[height, width, 3]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadCentre(string path, int shorter, int height, int width, Span<byte> hwc)
    {
        using var bitmap = Fit(path, shorter, height, width);
        var pixels = bitmap.GetPixelSpan();
        var (left, top) = ((bitmap.Width - width) / 2, (bitmap.Height - height) / 2);
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(((top + y) * bitmap.RowBytes) + (left * 4), width * 4);
            for (var x = 0; x < width; x++)
            {
                row.Slice(4 * x, 3).CopyTo(hwc[(3 * ((y * width) + x))..]);
            }
        }
    }

    /// <summary>All pixels of a file.</summary>
    /// <param name="path">An image file.</param>
    /// <param name="annotated">The size that an annotation states, see <see cref="ImageBitmap.Decode"/>.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static PixelImage ReadWhole(string path, (int Width, int Height)? annotated = null)
    {
        using var bitmap = ImageBitmap.Decode(path, annotated);
        var pixels = new byte[3 * bitmap.Width * bitmap.Height];
        var source = bitmap.GetPixelSpan();
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = source.Slice(y * bitmap.RowBytes, 4 * bitmap.Width);
            for (var x = 0; x < bitmap.Width; x++)
            {
                row.Slice(4 * x, 3).CopyTo(pixels.AsSpan(3 * ((y * bitmap.Width) + x)));
            }
        }

        return new PixelImage(bitmap.Width, bitmap.Height, pixels);
    }

    /// <summary>An image whose shorter side has so many pixels, or as many as a cut needs.</summary>
    private static SKBitmap Fit(string path, int shorter, int height, int width)
    {
        var decoded = ImageBitmap.Decode(path);
        var (fullWidth, fullHeight) = ImagePreparer.ScaledSize(decoded.Width, decoded.Height, shorter, width, height);
        if ((fullWidth, fullHeight) == (decoded.Width, decoded.Height))
        {
            return decoded;
        }

        using (decoded)
        {
            ImageBitmap.ThrowIfTooLarge(
                path, (long)fullWidth, (long)fullHeight, $" once its shorter side has {double.Min(fullWidth, fullHeight)}", $"{fullWidth:0} x {fullHeight:0}, of {decoded.Width} x {decoded.Height} in the file");
            return Resize(decoded, (int)fullWidth, (int)fullHeight);
        }
    }

    private static void WritePlanes(SKBitmap bitmap, int left, int top, int height, int width, Span<byte> chw)
    {
        var pixels = bitmap.GetPixelSpan();
        var plane = height * width;
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(((top + y) * bitmap.RowBytes) + (left * 4), width * 4);
            for (var x = 0; x < width; x++)
            {
                var target = (y * width) + x;
                chw[target] = row[4 * x];
                chw[plane + target] = row[(4 * x) + 1];
                chw[(2 * plane) + target] = row[(4 * x) + 2];
            }
        }
    }

    private static SKBitmap Resize(SKBitmap source, int width, int height) => Resize(source, new PixelBox(0, 0, source.Width, source.Height), width, height);

    /// <summary>Scales a part; transparency is not carried over.</summary>
    private static SKBitmap Resize(SKBitmap source, PixelBox part, int width, int height)
    {
        var from = source.GetPixelSpan()[((part.Top * source.RowBytes) + (part.Left * source.BytesPerPixel))..];
        var rgb = new byte[3 * width * height];
        ImageScaler.Scale(new DecodedImage(from, part.Width, part.Height, PixelFormat.Rgba, rowBytes: source.RowBytes), width, height, new ImagePart(0, 0, width, height), rgb);
        var result = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = result.GetPixelSpan();
        for (var i = 0; i < width * height; i++)
        {
            rgb.AsSpan(3 * i, 3).CopyTo(target[(4 * i)..]);
            target[(4 * i) + 3] = byte.MaxValue;
        }

        return result;
    }
}
