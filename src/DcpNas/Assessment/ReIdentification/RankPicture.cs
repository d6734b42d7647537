using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Assessment.ReIdentification;

/// <summary>A picture of ranked lists: a row per query, the query in a grey frame, then the gallery, hits in green frames and misses in red ones.</summary>
internal static class RankPicture
{
    private const int Frame = 3, Gap = 4, FirstGap = 12;
    private static readonly (byte, byte, byte) Grey = (110, 110, 110), Green = (30, 160, 60), Red = (210, 50, 40);

    /// <summary>The PNG file.</summary>
    public static byte[] Draw(IPersonImages queries, IPersonImages gallery, IReadOnlyList<int> shown, IReadOnlyList<IReadOnlyList<RankedImage>> lists)
    {
        var (tileHeight, tileWidth) = (queries.Height + (2 * Frame), queries.Width + (2 * Frame));
        var columns = lists.Max(list => list.Count);
        var (height, width) = ((shown.Count * (tileHeight + Gap)) + Gap, Gap + tileWidth + FirstGap + (columns * (tileWidth + Gap)));
        var canvas = new byte[3 * height * width];
        Array.Fill(canvas, byte.MaxValue);
        for (var row = 0; row < shown.Count; row++)
        {
            var top = Gap + (row * (tileHeight + Gap));
            Tile(queries, shown[row], top, Gap, Grey);
            for (var column = 0; column < lists[row].Count; column++)
            {
                var ranked = lists[row][column];
                Tile(gallery, ranked.Image, top, Gap + tileWidth + FirstGap + (column * (tileWidth + Gap)), ranked.IsMatch ? Green : Red);
            }
        }

        return ImageEncoder.Png(canvas, 3, height, width);

        void Tile(IPersonImages images, int index, int top, int left, (byte Red, byte Green, byte Blue) frame)
        {
            var pixels = new byte[3 * images.Height * images.Width];
            images.ReadPixels(index, pixels);
            byte[] colour = [frame.Red, frame.Green, frame.Blue];
            for (var channel = 0; channel < 3; channel++)
            {
                for (var y = 0; y < tileHeight; y++)
                {
                    var row = canvas.AsSpan((((channel * height) + top + y) * width) + left, tileWidth);
                    row.Fill(colour[channel]);
                    if (y >= Frame && y < Frame + images.Height)
                    {
                        pixels.AsSpan(((channel * images.Height) + y - Frame) * images.Width, images.Width).CopyTo(row[Frame..]);
                    }
                }
            }
        }
    }
}
