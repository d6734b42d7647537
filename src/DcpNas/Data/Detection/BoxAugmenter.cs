namespace DcpNas.Data.Detection;

/// <summary>Changes images and their boxes at random: expansion, crop, mirror, colour. Draws depend on seed, epoch and image alone. For one thread.</summary>
internal sealed class BoxAugmenter
{
    // Names this use of the seed among the streams of SeededRandom.
    private const long Stream = 0x626f786573;
    private const int CropAttempts = 50;
    private const double LeastShare = 0.3;

    private static readonly double?[] LeastOverlaps = [null, 0.1, 0.3, 0.5, 0.7, 0.9, 0];

    private readonly BoxAugmentationOptions _options;
    private readonly ChannelStatistics _statistics;
    private readonly long _seed;
    private readonly SeededRandom _random = new();

    /// <param name="options">Which changes there are.</param>
    /// <param name="statistics">Its mean is the ground of expanded images.</param>
    /// <param name="seed">Names the draws.</param>
    public BoxAugmenter(BoxAugmentationOptions options, ChannelStatistics statistics, long seed) => (_options, _statistics, _seed) = (options, statistics, seed);

    /// <summary>Writes an image as it is seen in an epoch.</summary>
    /// <param name="image">The image.</param>
    /// <param name="boxes">Its objects.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">The image's index.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="pixels"><c>[height, width, 3]</c>, 0 to 255, not yet normalised.</param>
    /// <returns>The objects that are left, in pixels of the result.</returns>
    public IReadOnlyList<LabelledBox> Write(PixelImage image, IReadOnlyList<LabelledBox> boxes, int epoch, int index, int height, int width, Span<float> pixels)
    {
        _random.Reseed(_seed, Stream, epoch, index);
        var region = Expand(image);
        (region, boxes) = Crop(region, boxes);
        var flip = _random.Next(2) == 1 && _options.Flip;
        var bytes = new byte[3 * height * width];
        var fill = (Level(0), Level(1), Level(2));
        Resampler.Scale(image, region, flip, fill, height, width, bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            pixels[i] = bytes[i];
        }

        if (_options.PhotometricDistort)
        {
            ColourJitter.Apply(_random, pixels);
        }

        var (across, down) = (width / region.Width, height / region.Height);
        return [.. boxes.Select(box => Move(box, region, across, down, flip, width, height))];

        byte Level(int channel) => (byte)((Math.Clamp(_statistics.Mean[channel], 0, 1) * 255) + 0.5);
    }

    private static LabelledBox Move(LabelledBox box, Resampler.Region region, double across, double down, bool flip, int width, int height)
    {
        var left = Math.Clamp((box.Left - region.Left) * across, 0, width);
        var right = Math.Clamp((box.Right - region.Left) * across, 0, width);
        (left, right) = flip ? (width - right, width - left) : (left, right);
        return box with
        {
            Left = left,
            Right = right,
            Top = Math.Clamp((box.Top - region.Top) * down, 0, height),
            Bottom = Math.Clamp((box.Bottom - region.Top) * down, 0, height),
            ObjectArea = null,
            Annotated = null,
        };
    }

    private Resampler.Region Expand(PixelImage image)
    {
        var whole = new Resampler.Region(0, 0, image.Width, image.Height);
        var (draw, scale, x, y) = (_random.Next(2), _random.NextDouble(1, _options.ZoomOut), _random.NextDouble(), _random.NextDouble());
        return draw == 0 || _options.ZoomOut <= 1
            ? whole
            : new Resampler.Region(-x * (scale - 1) * image.Width, -y * (scale - 1) * image.Height, scale * image.Width, scale * image.Height);
    }

    /// <summary>A part of a region, and the boxes whose centre lies in it.</summary>
    private (Resampler.Region Region, IReadOnlyList<LabelledBox> Boxes) Crop(Resampler.Region whole, IReadOnlyList<LabelledBox> boxes)
    {
        var choice = LeastOverlaps[_random.Next(LeastOverlaps.Length)];
        if (!_options.IouCrop || choice is not { } least)
        {
            return (whole, boxes);
        }

        for (var attempt = 0; attempt < CropAttempts; attempt++)
        {
            var (width, height) = (_random.NextDouble(LeastShare, 1) * whole.Width, _random.NextDouble(LeastShare, 1) * whole.Height);
            var (left, top) = (whole.Left + (_random.NextDouble() * (whole.Width - width)), whole.Top + (_random.NextDouble() * (whole.Height - height)));
            var aspect = width / height;
            if (aspect is < 0.5 or > 2)
            {
                continue;
            }

            var region = new Resampler.Region(left, top, width, height);
            List<LabelledBox> inside = [.. boxes.Where(box => (box.Left + box.Right) / 2 is var x && (box.Top + box.Bottom) / 2 is var y
                && x > left && x < left + width && y > top && y < top + height)];
            var hasTarget = boxes.Count == 0 || inside.Exists(box => box.IsTarget) || !boxes.Any(box => box.IsTarget);
            if (hasTarget && inside.TrueForAll(box => !box.IsTarget || Overlap(box, region) >= least))
            {
                return (region, inside);
            }
        }

        return (whole, boxes);
    }

    private static double Overlap(LabelledBox box, Resampler.Region region)
    {
        var width = Math.Min(box.Right, region.Left + region.Width) - Math.Max(box.Left, region.Left);
        var height = Math.Min(box.Bottom, region.Top + region.Height) - Math.Max(box.Top, region.Top);
        var both = width > 0 && height > 0 ? width * height : 0;
        return both / ((box.Width * box.Height) + (region.Width * region.Height) - both);
    }
}
