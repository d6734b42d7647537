namespace DcpNas.Data.ReIdentification;

/// <summary>Draws one image of the synthetic persons.</summary>
/// <remarks>Uses + - * / and square roots only, which IEEE 754 rounds alike everywhere: the bytes are the same on every platform.</remarks>
internal static class PersonPainter
{
    private const long Stream = 0x696d616765;

    /// <summary>Draws a person.</summary>
    /// <param name="seed">Names persons and cameras.</param>
    /// <param name="person">Its number.</param>
    /// <param name="camera">The number of the camera.</param>
    /// <param name="image">Names pose, place and noise.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="chw"><c>[3, height, width]</c>.</param>
    public static void Paint(long seed, int person, int camera, long image, int height, int width, Span<byte> chw)
    {
        var (clothes, view) = (new PersonClothes(seed, person), new PersonCamera(seed, camera));
        var random = new SeededRandom(seed, Stream, person, camera, image);
        var canvas = new Canvas(height, width, view, random);
        DrawPerson(canvas, clothes, random);
        if (random.Next(5) == 0)
        {
            double[] grey = [random.NextDouble(40, 180), random.NextDouble(40, 180), random.NextDouble(40, 180)];
            canvas.Box(random.NextDouble(-0.6, 0.6), random.NextDouble(0.7, 1.1), 0.3, 0.25, grey);
        }

        canvas.Develop(view, random, chw);
    }

    private static void DrawPerson(Canvas canvas, PersonClothes clothes, SeededRandom random)
    {
        // The frame of the person: its middle, its top and its size, in shares of the image.
        canvas.Place(random.NextDouble(-0.35, 0.35), random.NextDouble(0.01, 0.2), random.NextDouble(0.65, 0.95), clothes.Build, mirrored: random.Next(2) == 1);
        var (step, swing) = (random.NextDouble(0, 0.14), random.NextDouble(-0.08, 0.08));
        var isFromBehind = random.Next(3) == 0;
        DrawLegs(canvas, clothes, step);
        canvas.Box(-0.36 - swing, 0.37, 0.075, 0.17, clothes.LongSleeves ? clothes.Shirt : clothes.Skin);
        canvas.Box(0.36 + swing, 0.37, 0.075, 0.17, clothes.LongSleeves ? clothes.Shirt : clothes.Skin);
        if (!clothes.LongSleeves)
        {
            canvas.Box(-0.36 - swing, 0.25, 0.085, 0.06, clothes.Shirt);
            canvas.Box(0.36 + swing, 0.25, 0.085, 0.06, clothes.Shirt);
        }

        canvas.Box(0, 0.35, 0.3, 0.18, clothes.Shirt, clothes);
        canvas.Ellipse(0, 0.095, 0.16, 0.085, isFromBehind ? clothes.Hair : clothes.Skin);
        canvas.Ellipse(0, 0.055, 0.165, 0.05, clothes.Hair);
        if (clothes.HasBag)
        {
            canvas.Box(0.42, 0.5, 0.12, 0.09, clothes.Bag);
        }
    }

    private static void DrawLegs(Canvas canvas, PersonClothes clothes, double step)
    {
        foreach (var side in (double[])[-1, 1])
        {
            var x = side * (0.13 + step);
            canvas.Box(x, 0.74, 0.1, 0.22, clothes.LegKind == 0 ? clothes.Trousers : clothes.Skin);
            canvas.Box(x, 0.97, 0.12, 0.03, clothes.Shoes);
            if (clothes.LegKind == 1)
            {
                canvas.Box(x, 0.62, 0.125, 0.11, clothes.Trousers);
            }
        }

        if (clothes.LegKind == 2)
        {
            canvas.Box(0, 0.63, 0.31, 0.12, clothes.Trousers);
        }
    }

    /// <summary>Colours of an image before noise; shapes are given in the frame of the person: x in half widths, y from 0 at the head to 1 at the feet.</summary>
    private sealed class Canvas
    {
        private readonly double[] _colours;
        private readonly int _height;
        private readonly int _width;
        private double _left;
        private double _top;
        private double _scaleX;
        private double _scaleY;

        public Canvas(int height, int width, PersonCamera view, SeededRandom random)
        {
            (_height, _width, _colours) = (height, width, new double[3 * height * width]);
            var horizon = (view.Horizon + random.NextDouble(-0.08, 0.08)) * height;
            var (period, phase) = (random.NextDouble(0.4, 0.8) * width, random.NextDouble() * width);
            for (var y = 0; y < height; y++)
            {
                var ground = y < horizon ? view.Wall : view.Floor;
                for (var x = 0; x < width; x++)
                {
                    var along = (x + phase) / period;
                    var post = y < horizon && along - Math.Floor(along) < 0.25 ? view.Posts : 0;
                    for (var channel = 0; channel < 3; channel++)
                    {
                        _colours[(((y * width) + x) * 3) + channel] = ground[channel] + post + (30.0 * y / height);
                    }
                }
            }

            Place(0, 0, 1, 1, mirrored: false);
        }

        /// <summary>Where the frame of the person lies.</summary>
        public void Place(double middle, double top, double size, double build, bool mirrored)
        {
            (_top, _scaleY) = (top * _height, size * _height);
            _scaleX = size * build * _width * 0.75 * (mirrored ? -1 : 1);
            _left = (0.5 + (middle / 2)) * _width;
        }

        public void Box(double x, double y, double halfWidth, double halfHeight, double[] colour, PersonClothes? pattern = null) =>
            Shape(x, y, halfWidth, halfHeight, colour, pattern, (u, v, width, height) => Math.Max((Math.Abs(u) - 1) * width, (Math.Abs(v) - 1) * height));

        public void Ellipse(double x, double y, double halfWidth, double halfHeight, double[] colour) =>
            Shape(x, y, halfWidth, halfHeight, colour, null, (u, v, width, height) => (Math.Sqrt((u * u) + (v * v)) - 1) * Math.Min(width, height));

        /// <summary>What the camera makes of the colours: its light, the light of the moment, and noise.</summary>
        public void Develop(PersonCamera view, SeededRandom random, Span<byte> chw)
        {
            var light = random.NextDouble(0.75, 1.25);
            var plane = _height * _width;
            for (var at = 0; at < plane; at++)
            {
                var bits = random.NextUInt64();
                for (var channel = 0; channel < 3; channel++, bits >>= 16)
                {
                    // The sum of two bytes: a triangular distribution of standard deviation 104.5.
                    var noise = ((double)(bits & 255) + ((bits >> 8) & 255) - 255) * (view.Noise / 104.5);
                    var value = (_colours[(at * 3) + channel] * view.Gain[channel] * light) + noise;
                    chw[(channel * plane) + at] = (byte)(Math.Clamp(value, 0, 255) + 0.5);
                }
            }
        }

        private void Shape(
            double x, double y, double halfWidth, double halfHeight, double[] colour, PersonClothes? pattern, Func<double, double, double, double, double> distance)
        {
            var (centreX, centreY) = (_left + (x * _scaleX), _top + (y * _scaleY));
            var (width, height) = (Math.Abs(halfWidth * _scaleX), halfHeight * _scaleY);
            var (fromY, toY) = (Math.Max(0, (int)(centreY - height - 1)), Math.Min(_height - 1, (int)(centreY + height + 1)));
            var (fromX, toX) = (Math.Max(0, (int)(centreX - width - 1)), Math.Min(_width - 1, (int)(centreX + width + 1)));
            var mirror = _scaleX < 0 ? -1 : 1;
            for (var row = fromY; row <= toY; row++)
            {
                for (var column = fromX; column <= toX; column++)
                {
                    var (u, v) = ((column + 0.5 - centreX) / width, (row + 0.5 - centreY) / height);

                    // Half a pixel on each side of the outline is blended.
                    var covered = Math.Clamp(0.5 - distance(u, v, width, height), 0, 1);
                    var painted = pattern is not null && pattern.IsSecond(mirror * u, (v + 1) / 2) ? pattern.Second : colour;
                    for (var channel = 0; channel < 3; channel++)
                    {
                        ref var value = ref _colours[(((row * _width) + column) * 3) + channel];
                        value += covered * (painted[channel] - value);
                    }
                }
            }
        }
    }
}
