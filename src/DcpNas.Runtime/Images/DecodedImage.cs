using System.Runtime.CompilerServices;

namespace DcpNas.Runtime;

/// <summary>An image as a decoder or a camera gives it: 8-bit pixels of any size, row by row.</summary>
public readonly ref struct DecodedImage
{
    /// <summary>Describes pixels; they are not copied.</summary>
    /// <param name="pixels">The rows, from the first stored one.</param>
    /// <param name="width">Stored pixels of a row.</param>
    /// <param name="height">Stored rows.</param>
    /// <param name="format">The bytes of a pixel.</param>
    /// <param name="orientation">How the camera has stored it; decoders that turn photos themselves give <see cref="ImageOrientation.TopLeft"/>. Of PNG files <see cref="PngOrientation"/> finds it.</param>
    /// <param name="rowBytes">Bytes from a row to the next; 0 where nothing stands between them.</param>
    /// <exception cref="ArgumentException">The pixels are fewer than that, or a value is out of range.</exception>
    public DecodedImage(
        ReadOnlySpan<byte> pixels, int width, int height, PixelFormat format = PixelFormat.Rgb, ImageOrientation orientation = ImageOrientation.TopLeft, int rowBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfLessThan((int)orientation, (int)ImageOrientation.TopLeft, nameof(orientation));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)orientation, (int)ImageOrientation.LeftBottom, nameof(orientation));
        BytesPerPixel = format switch
        {
            PixelFormat.Rgb or PixelFormat.Bgr => 3,
            PixelFormat.Rgba or PixelFormat.Bgra => 4,
            PixelFormat.Grey => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown format of pixels."),
        };
        var least = (long)width * BytesPerPixel;
        RowBytes = rowBytes == 0 ? checked((int)least) : rowBytes;
        if (RowBytes < least)
        {
            throw new ArgumentException($"A row must have at least {least} bytes, got {RowBytes}.", nameof(rowBytes));
        }

        if (pixels.Length < ((long)RowBytes * (height - 1)) + least)
        {
            throw new ArgumentException($"{width} x {height} pixels take {((long)RowBytes * (height - 1)) + least} bytes, got {pixels.Length}.", nameof(pixels));
        }

        Pixels = pixels;
        (StoredWidth, StoredHeight, Format, Orientation) = (width, height, format, orientation);
    }

    /// <summary>The rows.</summary>
    public ReadOnlySpan<byte> Pixels { get; }

    /// <summary>The bytes of a pixel.</summary>
    public PixelFormat Format { get; }

    /// <summary>How the camera has stored it.</summary>
    public ImageOrientation Orientation { get; }

    /// <summary>Bytes from a row to the next.</summary>
    public int RowBytes { get; }

    /// <summary>Pixels of a row of the upright image.</summary>
    public int Width => SwapsSides ? StoredHeight : StoredWidth;

    /// <summary>Rows of the upright image.</summary>
    public int Height => SwapsSides ? StoredWidth : StoredHeight;

    internal int BytesPerPixel { get; }

    private int StoredWidth { get; }

    private int StoredHeight { get; }

    private bool SwapsSides => Orientation >= ImageOrientation.LeftTop;

    /// <summary>Copies the upright image: its pixels as they are, row by row, with nothing between rows.</summary>
    /// <param name="destination">Receives <see cref="Width"/> times <see cref="Height"/> pixels of <see cref="Format"/>.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyUprightTo(Span<byte> destination)
    {
        if (destination.Length / Width / Height < BytesPerPixel)
        {
            throw new ArgumentException($"{Width} x {Height} pixels take {(long)Width * Height * BytesPerPixel} bytes, got {destination.Length}.", nameof(destination));
        }

        var (start, alongX, alongY) = Places();
        for (var (y, target) = (0, 0); y < Height; y++)
        {
            var place = (int)(start + (y * alongY));
            for (var x = 0; x < Width; x++, place += (int)alongX, target += BytesPerPixel)
            {
                if (BytesPerPixel == sizeof(uint))
                {
                    Unsafe.WriteUnaligned(ref destination[target], Unsafe.ReadUnaligned<uint>(in Pixels[place]));
                }
                else
                {
                    Pixels.Slice(place, BytesPerPixel).CopyTo(destination[target..]);
                }
            }
        }
    }

    /// <summary>Where the upright pixel (x, y) lies: <c>Start + x * AlongX + y * AlongY</c>, in bytes.</summary>
    internal (nint Start, nint AlongX, nint AlongY) Places()
    {
        nint column = BytesPerPixel, row = RowBytes;
        var (right, bottom) = ((StoredWidth - 1) * column, (StoredHeight - 1) * row);
        return Orientation switch
        {
            ImageOrientation.TopRight => (right, -column, row),
            ImageOrientation.BottomRight => (bottom + right, -column, -row),
            ImageOrientation.BottomLeft => (bottom, column, -row),
            ImageOrientation.LeftTop => (0, row, column),
            ImageOrientation.RightTop => (bottom, -row, column),
            ImageOrientation.RightBottom => (bottom + right, -row, -column),
            ImageOrientation.LeftBottom => (right, row, -column),
            _ => (0, column, row),
        };
    }

    /// <summary>Where red, green and blue stand in a pixel.</summary>
    internal (int Red, int Green, int Blue) Colours() => Format switch
    {
        PixelFormat.Grey => (0, 0, 0),
        PixelFormat.Bgr or PixelFormat.Bgra => (2, 1, 0),
        _ => (0, 1, 2),
    };
}
