namespace DcpNas.Data.Detection;

/// <summary>Draws one image of the synthetic scenes.</summary>
/// <remarks>Uses + - * / and square roots only, which IEEE 754 rounds alike everywhere: the bytes are the same on every platform.</remarks>
internal static class ScenePainter
{
    private const int KnotDistance = 8;
    private const int Attempts = 20;
    private const double MostOverlap = 0.05;

    /// <summary>Draws a scene of one to four shapes.</summary>
    /// <param name="random">The image's own stream.</param>
    /// <param name="side">Rows and columns.</param>
    /// <param name="classes">Shapes to choose from: the first of <see cref="SyntheticShape"/>.</param>
    /// <param name="pixels"><c>[side, side, 3]</c>.</param>
    /// <returns>A box around the visible pixels of each shape.</returns>
    public static IReadOnlyList<LabelledBox> Paint(SeededRandom random, int side, int classes, Span<byte> pixels)
    {
        var values = Ground(random, side);
        var boxes = new List<LabelledBox>();
        var count = 1 + random.Next(4);
        for (var shape = 0; shape < count; shape++)
        {
            Place(random, side, random.Next(classes), values, boxes);
        }

        for (var i = 0; i < side * side; i++)
        {
            var bits = random.NextUInt64();
            for (var channel = 0; channel < 3; channel++, bits >>= 16)
            {
                // The sum of two bytes: a triangular distribution, here of standard deviation 8.
                var noise = ((double)(bits & 255) + ((bits >> 8) & 255) - 255) * (8 / 104.5);
                pixels[(3 * i) + channel] = (byte)(Math.Clamp(values[(3 * i) + channel] + noise, 0, 255) + 0.5);
            }
        }

        return boxes;
    }

    private static double[] Ground(SeededRandom random, int side)
    {
        var knots = (side / KnotDistance) + 2;
        double[] shades = [.. Enumerable.Range(0, knots * knots).Select(_ => random.NextDouble(-18, 18))];
        double[] colour = [random.NextDouble(70, 170), random.NextDouble(70, 170), random.NextDouble(70, 170)];
        var values = new double[3 * side * side];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var (column, row) = (x / KnotDistance, y / KnotDistance);
                var (s, t) = (x % KnotDistance / (double)KnotDistance, y % KnotDistance / (double)KnotDistance);
                var top = (shades[(row * knots) + column] * (1 - s)) + (shades[(row * knots) + column + 1] * s);
                var bottom = (shades[((row + 1) * knots) + column] * (1 - s)) + (shades[((row + 1) * knots) + column + 1] * s);
                for (var channel = 0; channel < 3; channel++)
                {
                    values[(3 * ((y * side) + x)) + channel] = colour[channel] + (top * (1 - t)) + (bottom * t);
                }
            }
        }

        return values;
    }

    /// <summary>Draws a shape where none is yet; leaves it out where no such place was found.</summary>
    private static void Place(SeededRandom random, int side, int shape, double[] values, List<LabelledBox> boxes)
    {
        var light = random.NextDouble(45, 85) * (random.Next(2) == 0 ? -1 : 1);
        double[] contrast = [light + random.NextDouble(-30, 30), light + random.NextDouble(-30, 30), light + random.NextDouble(-30, 30)];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var radius = random.NextDouble(side / 11.0, side / 4.5);
            var (x, y) = (random.NextDouble(radius, side - radius), random.NextDouble(radius, side - radius));
            var (cosine, sine) = SyntheticPainter.DrawDirection(random);
            var coverage = Cover(side, (SyntheticShape)shape, radius, x, y, cosine, sine);
            if (Around(coverage, side, shape) is not { } box || boxes.Exists(other => Overlap(other, box) > MostOverlap))
            {
                continue;
            }

            for (var i = 0; i < values.Length; i++)
            {
                values[i] += coverage[i / 3] * contrast[i % 3];
            }

            boxes.Add(box);
            return;
        }
    }

    private static double[] Cover(int side, SyntheticShape shape, double radius, double x, double y, double cosine, double sine)
    {
        var coverage = new double[side * side];
        var (firstRow, endRow) = (Math.Max(0, (int)(y - radius) - 1), Math.Min(side, (int)(y + radius) + 2));
        var (firstColumn, endColumn) = (Math.Max(0, (int)(x - radius) - 1), Math.Min(side, (int)(x + radius) + 2));
        for (var row = firstRow; row < endRow; row++)
        {
            for (var column = firstColumn; column < endColumn; column++)
            {
                var (dx, dy) = (column + 0.5 - x, row + 0.5 - y);
                var (u, v) = (((cosine * dx) + (sine * dy)) / radius, ((cosine * dy) - (sine * dx)) / radius);
                coverage[(row * side) + column] = Math.Clamp(0.5 - (SyntheticPainter.Distance(shape, u, v) * radius), 0, 1);
            }
        }

        return coverage;
    }

    /// <summary>The box around the pixels that are covered at least by half.</summary>
    private static LabelledBox? Around(double[] coverage, int side, int shape)
    {
        var (left, top, right, bottom) = (side, side, 0, 0);
        for (var i = 0; i < coverage.Length; i++)
        {
            if (coverage[i] >= 0.5)
            {
                (left, top) = (Math.Min(left, i % side), Math.Min(top, i / side));
                (right, bottom) = (Math.Max(right, (i % side) + 1), Math.Max(bottom, (i / side) + 1));
            }
        }

        return right - left >= 4 && bottom - top >= 4 ? new LabelledBox(shape, left, top, right, bottom) : null;
    }

    private static double Overlap(LabelledBox a, LabelledBox b)
    {
        var (width, height) = (Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left), Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));
        var both = width > 0 && height > 0 ? width * height : 0;
        return both / Math.Min(a.Width * a.Height, b.Width * b.Height);
    }
}
