using SkiaSharp;

namespace DcpNas.Data;

/// <summary>Decodes JPEG and PNG files into planes of bytes.</summary>
/// <remarks>Transparency is dropped, not blended; EXIF orientation and embedded colour profiles are ignored.</remarks>
internal static class ImageDecoder
{
    private const long MaximumPixels = 1 << 28;
    private const string Remedy = "Replace or delete the file.";

    /// <summary>Extensions that are read, lower case.</summary>
    public static readonly string[] Extensions = [".jpg", ".jpeg", ".png"];

    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Width and height in pixels.</summary>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static (int Width, int Height) Verify(string path)
    {
        using var bitmap = Decode(path);
        return (bitmap.Width, bitmap.Height);
    }

    /// <summary>Resizes the shorter side and writes the centre square.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="size">Side of the square, in pixels.</param>
    /// <param name="shorter">Pixels of the shorter side before the cut, at least <paramref name="size"/>.</param>
    /// <param name="chw"><c>[3, size, size]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadSquare(string path, int size, int shorter, Span<byte> chw)
    {
        using var decoded = Decode(path);
        var scale = (double)shorter / int.Min(decoded.Width, decoded.Height);
        var width = int.Max(shorter, (int)Math.Round(decoded.Width * scale));
        var height = int.Max(shorter, (int)Math.Round(decoded.Height * scale));
        using var resized = width == decoded.Width && height == decoded.Height ? null : Resize(decoded, new PixelBox(0, 0, decoded.Width, decoded.Height), width, height);
        WritePlanes(resized ?? decoded, (width - size) / 2, (height - size) / 2, size, chw);
    }

    /// <summary>Writes a part of an image, resized to a square.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="crop">Chooses the part.</param>
    /// <param name="size">Side of the square, in pixels.</param>
    /// <param name="chw"><c>[3, size, size]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadPart(string path, RandomResizedCrop crop, int size, Span<byte> chw)
    {
        using var decoded = Decode(path);
        using var resized = Resize(decoded, crop.Draw(decoded.Width, decoded.Height), size, size);
        WritePlanes(resized, 0, 0, size, chw);
    }

    /// <summary>Resizes to the given size, whatever the shape of the image.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="chw"><c>[3, height, width]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadStretched(string path, int height, int width, Span<byte> chw)
    {
        using var decoded = Decode(path);
        using var resized = width == decoded.Width && height == decoded.Height ? null : Resize(decoded, new PixelBox(0, 0, decoded.Width, decoded.Height), width, height);
        var bitmap = resized ?? decoded;
        var pixels = bitmap.GetPixelSpan();
        var plane = height * width;
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(y * bitmap.RowBytes, width * 4);
            for (var x = 0; x < width; x++)
            {
                var target = (y * width) + x;
                chw[target] = row[4 * x];
                chw[plane + target] = row[(4 * x) + 1];
                chw[(2 * plane) + target] = row[(4 * x) + 2];
            }
        }
    }

    /// <summary>Resizes so that the shorter side has <paramref name="shorter"/> pixels, more where the cut would not fit, and writes the centre.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="shorter">Pixels of the shorter side; 0 for as few as the cut needs.</param>
    /// <param name="height">Rows of the cut.</param>
    /// <param name="width">Columns of the cut.</param>
    /// <param name="hwc"><c>[height, width, 3]</c>: red, green, blue.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    public static void ReadCentre(string path, int shorter, int height, int width, Span<byte> hwc)
    {
        using var decoded = Decode(path);
        double scale = double.Max((double)shorter / int.Min(decoded.Width, decoded.Height), double.Max((double)height / decoded.Height, (double)width / decoded.Width));
        var fullWidth = int.Max(width, (int)Math.Round(decoded.Width * scale));
        var fullHeight = int.Max(height, (int)Math.Round(decoded.Height * scale));
        if ((long)fullWidth * fullHeight > MaximumPixels)
        {
            throw InputException.InFile(path, "its size", $"sides that are a sensible image once the shorter has {int.Min(fullWidth, fullHeight)} pixels", $"{decoded.Width} x {decoded.Height}", Remedy);
        }

        using var resized = fullWidth == decoded.Width && fullHeight == decoded.Height ? null : Resize(decoded, new PixelBox(0, 0, decoded.Width, decoded.Height), fullWidth, fullHeight);
        var bitmap = resized ?? decoded;
        var pixels = bitmap.GetPixelSpan();
        var (left, top) = ((fullWidth - width) / 2, (fullHeight - height) / 2);
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(((top + y) * bitmap.RowBytes) + (left * 4), width * 4);
            for (var x = 0; x < width; x++)
            {
                row.Slice(4 * x, 3).CopyTo(hwc[(3 * ((y * width) + x))..]);
            }
        }
    }

    private static void WritePlanes(SKBitmap bitmap, int left, int top, int size, Span<byte> chw)
    {
        var pixels = bitmap.GetPixelSpan();
        var plane = size * size;
        for (var y = 0; y < size; y++)
        {
            var row = pixels.Slice(((top + y) * bitmap.RowBytes) + (left * 4), size * 4);
            for (var x = 0; x < size; x++)
            {
                var target = (y * size) + x;
                chw[target] = row[4 * x];
                chw[plane + target] = row[(4 * x) + 1];
                chw[(2 * plane) + target] = row[(4 * x) + 2];
            }
        }
    }

    private static SKBitmap Resize(SKBitmap source, PixelBox part, int width, int height)
    {
        // Both sides are declared opaque: resizing must not weight colours by a transparency that is dropped afterwards.
        var result = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var info = source.Info.WithAlphaType(SKAlphaType.Opaque).WithSize(part.Width, part.Height);
        using var from = new SKPixmap(info, source.GetPixels() + (part.Top * source.RowBytes) + (part.Left * source.BytesPerPixel), source.RowBytes);
        using var to = result.PeekPixels();

        // Linear between mipmap levels: shrinking averages over all source pixels instead of picking some.
        if (!from.ScalePixels(to, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)))
        {
            result.Dispose();
            throw new InvalidOperationException($"Bug in DcpNas: cannot resize {part.Width} x {part.Height} to {width} x {height}.");
        }

        return result;
    }

    private static SKBitmap Decode(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var codec = SKCodec.Create(stream, out var opened)
                ?? throw InputException.InFile(path, "its start", "a JPEG or PNG image", $"data that cannot be decoded ({opened})", Remedy);
            var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
            var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
            if (result != SKCodecResult.Success)
            {
                bitmap.Dispose();
                throw InputException.InFile(path, "its pixels", $"{codec.Info.Width} x {codec.Info.Height} decodable pixels", $"damaged or missing data ({result})", Remedy);
            }

            return bitmap;
        }
        catch (Exception error) when (DataFile.IsFileFault(error))
        {
            throw DataFile.Unreadable(path, error);
        }
    }
}
