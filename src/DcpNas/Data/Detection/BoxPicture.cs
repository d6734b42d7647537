using System.Runtime.InteropServices;
using SkiaSharp;

namespace DcpNas.Data.Detection;

/// <summary>Draws boxes on images, and their names where the machine has a font (<see cref="PictureFont"/>).</summary>
public static class BoxPicture
{
    /// <summary>Small images are enlarged by a whole factor until their longer side has at least so many pixels.</summary>
    public const int SmallestSide = 256;

    /// <summary>Pictures of reports are shrunk until their longer side has at most so many pixels, before boxes are drawn: lines keep their width.</summary>
    public const int LargestSide = 320;

    private const int TextSize = 12, LineWidth = 2;

    // Distinct on light and dark grounds; classes beyond the last begin anew.
    private static readonly SKColor[] Colours =
    [
        new(0xFF, 0x4D, 0x4D), new(0x33, 0xCC, 0x66), new(0x4D, 0xA6, 0xFF), new(0xFF, 0xB3, 0x1A), new(0xD9, 0x66, 0xFF),
        new(0x00, 0xD9, 0xD9), new(0xFF, 0x66, 0xB3), new(0xB3, 0xE6, 0x00), new(0x99, 0x80, 0xFF), new(0xFF, 0x80, 0x40),
    ];

    /// <summary>A PNG file of an image with boxes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="boxes">Drawn in this order.</param>
    /// <param name="smallestSide">Images with a shorter longer side are enlarged by a whole factor; 1 leaves them.</param>
    /// <param name="largestSide">Images with a longer side are shrunk; by default none.</param>
    public static byte[] Png(PixelImage image, IReadOnlyList<PictureBox> boxes, int smallestSide = 1, int largestSide = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(boxes);
        var side = Math.Max(image.Width, image.Height);
        var factor = side > largestSide ? (double)largestSide / side : Math.Max(1, smallestSide / side);
        using var bitmap = ToBitmap(image);
        var (width, height) = (Math.Max(1, (int)Math.Round(image.Width * factor)), Math.Max(1, (int)Math.Round(image.Height * factor)));
        using var picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(picture))
        {
            using var whole = SKImage.FromBitmap(bitmap);
            canvas.DrawImage(whole, new SKRect(0, 0, width, height), factor < 1 ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear) : new SKSamplingOptions(SKFilterMode.Nearest));
            foreach (var box in boxes)
            {
                Draw(canvas, box, factor, width, height);
            }
        }

        using var encoded = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        return encoded.ToArray();
    }

    /// <summary>Draws a box; one that lies on or beyond the border of the picture still shows all of its edges.</summary>
    private static void Draw(SKCanvas canvas, PictureBox box, double factor, int pictureWidth, int pictureHeight)
    {
        var colour = box.Class is { } index ? Colours[index % Colours.Length] : SKColors.White;
        using var line = new SKPaint { Color = colour, Style = SKPaintStyle.Stroke, StrokeWidth = LineWidth, IsAntialias = false };
        var (left, top) = (Inside(box.Left, pictureWidth), Inside(box.Top, pictureHeight));
        canvas.DrawRect(new SKRect(left, top, Inside(box.Right, pictureWidth), Inside(box.Bottom, pictureHeight)), line);
        if (box.Text.Length == 0 || PictureFont.Typeface is not { } typeface)
        {
            return;
        }

        using var font = new SKFont(typeface, TextSize);
        using var ground = new SKPaint { Color = colour, Style = SKPaintStyle.Fill };
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        var textTop = Math.Max(0, top - TextSize - 3);
        var textWidth = font.MeasureText(box.Text) + 4;
        var textLeft = Math.Max(0, Math.Min(left, pictureWidth - textWidth)); // a name at the right border stays inside
        canvas.DrawRect(new SKRect(textLeft, textTop, textLeft + textWidth, textTop + TextSize + 3), ground);
        canvas.DrawText(box.Text, textLeft + 2, textTop + TextSize, SKTextAlign.Left, font, ink);

        // A line is drawn half to each side of its place.
        float Inside(double place, int size) => Math.Clamp((float)(place * factor), LineWidth / 2f, Math.Max(LineWidth / 2f, size - (LineWidth / 2f)));
    }

    private static SKBitmap ToBitmap(PixelImage image)
    {
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = MemoryMarshal.AsBytes(bitmap.GetPixelSpan());
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var pixel = target.Slice((y * bitmap.RowBytes) + (4 * x), 4);
                image.Pixels.AsSpan(3 * ((y * image.Width) + x), 3).CopyTo(pixel);
                pixel[3] = byte.MaxValue;
            }
        }

        return bitmap;
    }
}

/// <summary>A box to be drawn, in pixels of its image.</summary>
/// <param name="Text">What stands beside it; empty for nothing.</param>
/// <param name="Class">Chooses the colour; null is white.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The top edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The bottom edge.</param>
public sealed record PictureBox(string Text, int? Class, double Left, double Top, double Right, double Bottom);
