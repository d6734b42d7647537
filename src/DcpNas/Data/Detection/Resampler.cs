using DcpNas.Runtime;

namespace DcpNas.Data.Detection;

/// <summary>Scales a rectangle of an image to a size, each side on its own: the filter of <see cref="ImageScaler"/>, for rectangles that begin between pixels and reach beyond the image.</summary>
/// <remarks>
/// A triangle as wide as two pixels of the coarser grid: linear between pixels where the image grows, a weighted mean of all pixels where it shrinks. Weights of pixels outside of the
/// image are shared out among those inside. Where the rectangle lies outside of the image, it takes the fill colour.
/// </remarks>
internal static class Resampler
{
    /// <summary>The whole of an image at a size, as networks see it when they are evaluated or used.</summary>
    /// <param name="image">The image.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="target"><c>[height, width, 3]</c>.</param>
    public static void Scale(PixelImage image, int height, int width, Span<byte> target) =>
        ImageScaler.Scale(new DecodedImage(image.Pixels, image.Width, image.Height), width, height, new ImagePart(0, 0, width, height), target);

    /// <summary>A rectangle of an image at a size.</summary>
    /// <param name="image">The image.</param>
    /// <param name="region">In pixels of the image; may reach beyond it.</param>
    /// <param name="flip">Whether left and right are exchanged afterwards.</param>
    /// <param name="fill">The colour beyond the image.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="target"><c>[height, width, 3]</c>.</param>
    public static void Scale(PixelImage image, Region region, bool flip, (byte Red, byte Green, byte Blue) fill, int height, int width, Span<byte> target)
    {
        if (!flip && (region.Left, region.Top, region.Width, region.Height) == (0, 0, width, height) && (image.Width, image.Height) == (width, height))
        {
            image.Pixels.CopyTo(target);
            return;
        }

        var (columns, rows) = (Taps.Of(image.Width, region.Left, region.Width, width), Taps.Of(image.Height, region.Top, region.Height, height));
        var first = rows.Min(taps => taps.Weights.Length == 0 ? int.MaxValue : taps.First);
        var end = rows.Max(taps => taps.First + taps.Weights.Length);
        var narrow = first < end ? Narrow(image, columns, first, end, width) : [];
        Span<float> sum = stackalloc float[3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var place = target.Slice(3 * ((y * width) + (flip ? width - 1 - x : x)), 3);
                if (rows[y].Weights.Length == 0 || columns[x].Weights.Length == 0)
                {
                    (place[0], place[1], place[2]) = fill;
                    continue;
                }

                sum.Clear();
                for (var tap = 0; tap < rows[y].Weights.Length; tap++)
                {
                    var source = narrow.AsSpan(3 * (((rows[y].First + tap - first) * width) + x), 3);
                    var weight = rows[y].Weights[tap];
                    sum[0] += source[0] * weight;
                    sum[1] += source[1] * weight;
                    sum[2] += source[2] * weight;
                }

                for (var channel = 0; channel < 3; channel++)
                {
                    place[channel] = (byte)(Math.Clamp(sum[channel], 0, 255) + 0.5f);
                }
            }
        }
    }

    /// <summary>The needed rows, scaled in width alone.</summary>
    private static float[] Narrow(PixelImage image, Taps[] columns, int first, int end, int width)
    {
        var narrow = new float[3 * (end - first) * width];
        for (var y = first; y < end; y++)
        {
            var row = image.Pixels.AsSpan(3 * y * image.Width, 3 * image.Width);
            var target = narrow.AsSpan(3 * (y - first) * width, 3 * width);
            for (var x = 0; x < width; x++)
            {
                var (start, weights) = columns[x];
                for (var tap = 0; tap < weights.Length; tap++)
                {
                    var source = row.Slice(3 * (start + tap), 3);
                    target[3 * x] += source[0] * weights[tap];
                    target[(3 * x) + 1] += source[1] * weights[tap];
                    target[(3 * x) + 2] += source[2] * weights[tap];
                }
            }
        }

        return narrow;
    }

    /// <summary>A rectangle in pixels of an image.</summary>
    public readonly record struct Region(double Left, double Top, double Width, double Height);

    /// <summary>The pixels that make one pixel of the result, along one side; none where it lies outside.</summary>
    private readonly record struct Taps(int First, float[] Weights)
    {
        public static Taps[] Of(int size, double start, double length, int target)
        {
            var step = length / target;
            var support = Math.Max(1, step);
            return [.. Enumerable.Range(0, target).Select(index =>
            {
                var centre = start + ((index + 0.5) * step);
                if (centre < 0 || centre > size)
                {
                    return new Taps(0, []);
                }

                var (first, last) = (Math.Max(0, (int)Math.Floor(centre - support)), Math.Min(size - 1, (int)Math.Ceiling(centre + support)));
                double[] weights = [.. Enumerable.Range(first, last - first + 1).Select(pixel => Math.Max(0, 1 - (Math.Abs(pixel + 0.5 - centre) / support)))];
                var sum = weights.Sum();
                return new Taps(first, [.. weights.Select(weight => (float)(weight / sum))]);
            })];
        }
    }
}
