using System.Runtime.InteropServices;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;
using SkiaSharp;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>
/// A picture of ranked lists: a row per query, the query in a grey frame, then the gallery, hits in green frames and misses in red ones. Below each image stand its rank
/// and person where the machine has a font (<see cref="PictureFont"/>).
/// </summary>
internal static class RankPicture
{
    /// <summary>Small images are enlarged by a whole factor until they have at least so many rows.</summary>
    public const int SmallestHeight = 96;

    private const int Frame = 3, Gap = 4, FirstGap = 12, TextHeight = 14, TextSize = 11;
    private static readonly SKColor Grey = new(110, 110, 110), Green = new(30, 160, 60), Red = new(210, 50, 40);

    /// <summary>Rows and columns of a tile: an enlarged image with its frame and, with a font, the line below, for which the tile widens.</summary>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="texts">The lines below the images.</param>
    public static (int Height, int Width) Tile(int height, int width, IEnumerable<string> texts)
    {
        var factor = Factor(height);
        var (rows, columns) = ((height * factor) + (2 * Frame), (width * factor) + (2 * Frame));
        if (PictureFont.Typeface is not { } typeface)
        {
            return (rows, columns);
        }

        using var font = new SKFont(typeface, TextSize);
        return (rows + TextHeight, Math.Max(columns, (int)Math.Ceiling(texts.Max(text => font.MeasureText(text)))));
    }

    /// <summary>The PNG file.</summary>
    public static byte[] Draw(IPersonImages queries, IPersonImages gallery, IReadOnlyList<int> shown, IReadOnlyList<IReadOnlyList<RankedImage>> lists)
    {
        var (tileHeight, tileWidth) = Tile(queries.Height, queries.Width, Texts());
        var columns = lists.Max(list => list.Count);
        var (height, width) = ((shown.Count * (tileHeight + Gap)) + Gap, Gap + tileWidth + FirstGap + (columns * (tileWidth + Gap)));
        using var picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(picture))
        {
            canvas.Clear(SKColors.White);
            for (var row = 0; row < shown.Count; row++)
            {
                var top = Gap + (row * (tileHeight + Gap));
                Draw(canvas, queries, shown[row], top, Gap, Grey, QueryText(shown[row]));
                for (var column = 0; column < lists[row].Count; column++)
                {
                    var ranked = lists[row][column];
                    Draw(canvas, gallery, ranked.Image, top, Gap + tileWidth + FirstGap + (column * (tileWidth + Gap)), ranked.IsMatch ? Green : Red, RankText(column, ranked));
                }
            }
        }

        using var encoded = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        return encoded.ToArray();

        IEnumerable<string> Texts() => [.. shown.Select(QueryText), .. lists.SelectMany(list => list.Select((ranked, column) => RankText(column, ranked)))];

        string QueryText(int query) => $"query: {queries.Identity(query)}";

        string RankText(int column, RankedImage ranked) => $"{column + 1}: {gallery.Identity(ranked.Image)}";
    }

    private static int Factor(int height) => Math.Max(1, (SmallestHeight + height - 1) / height);

    private static void Draw(SKCanvas canvas, IPersonImages images, int index, int top, int left, SKColor colour, string text)
    {
        var factor = Factor(images.Height);
        var (height, width) = (images.Height * factor, images.Width * factor);
        using var ground = new SKPaint { Color = colour, Style = SKPaintStyle.Fill, IsAntialias = false };
        canvas.DrawRect(new SKRect(left, top, left + width + (2 * Frame), top + height + (2 * Frame)), ground);
        using var bitmap = Read(images, index);
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, new SKRect(left + Frame, top + Frame, left + Frame + width, top + Frame + height), new SKSamplingOptions(SKFilterMode.Nearest));
        if (PictureFont.Typeface is not { } typeface)
        {
            return;
        }

        using var font = new SKFont(typeface, TextSize);
        using var ink = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawText(text, left, top + height + (2 * Frame) + TextSize, SKTextAlign.Left, font, ink);
    }

    private static SKBitmap Read(IPersonImages images, int index)
    {
        var pixels = new byte[3 * images.Height * images.Width];
        images.ReadPixels(index, pixels);
        var bitmap = new SKBitmap(new SKImageInfo(images.Width, images.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = MemoryMarshal.AsBytes(bitmap.GetPixelSpan());
        for (var y = 0; y < images.Height; y++)
        {
            for (var x = 0; x < images.Width; x++)
            {
                var rgba = target.Slice((y * bitmap.RowBytes) + (4 * x), 4);
                for (var channel = 0; channel < 3; channel++)
                {
                    rgba[channel] = pixels[(((channel * images.Height) + y) * images.Width) + x];
                }

                rgba[3] = byte.MaxValue;
            }
        }

        return bitmap;
    }
}
