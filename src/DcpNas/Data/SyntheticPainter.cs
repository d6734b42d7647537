namespace DcpNas.Data;

/// <summary>Draws one image of the synthetic data.</summary>
/// <remarks>Uses + - * / and square roots only, which IEEE 754 rounds alike everywhere: the bytes are the same on every platform.</remarks>
internal static class SyntheticPainter
{
    public const int Side = 32;
    private const int Plane = Side * Side;

    // Knots of the ground's brightness pattern: one per 8 pixels, and one beyond the border.
    private const int Knots = (Side / 8) + 1;

    /// <summary>Draws a shape.</summary>
    /// <param name="random">The image's own stream.</param>
    /// <param name="shape">Outline.</param>
    /// <param name="striped">Stripes of ground and shape colour inside the outline, instead of one colour.</param>
    /// <param name="chw"><c>[3, 32, 32]</c>.</param>
    public static void Paint(SeededRandom random, SyntheticShape shape, bool striped, Span<byte> chw)
    {
        Span<double> ground = stackalloc double[3];
        Span<double> contrast = stackalloc double[3];
        DrawColours(random, ground, contrast);
        Span<double> knots = stackalloc double[Knots * Knots];
        foreach (ref var knot in knots)
        {
            knot = random.NextDouble(-18, 18);
        }

        Span<double> coverage = stackalloc double[Plane];
        var mean = Cover(random, shape, striped, coverage);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                // The mean coverage is taken off everywhere: large shapes must not make an image lighter than small ones.
                var covered = coverage[(y * Side) + x] - mean;
                var shade = Shade(knots, x, y);
                var bits = random.NextUInt64();
                for (var channel = 0; channel < 3; channel++, bits >>= 16)
                {
                    // The sum of two bytes: a triangular distribution, here of standard deviation 8.
                    var noise = ((double)(bits & 255) + ((bits >> 8) & 255) - 255) * (8 / 104.5);
                    var value = ground[channel] + shade + (covered * contrast[channel]) + noise;
                    chw[(channel * Plane) + (y * Side) + x] = (byte)(Math.Clamp(value, 0, 255) + 0.5);
                }
            }
        }
    }

    // How much of each pixel the shape covers, 0 to 1, at a random place, scale and angle; returns the mean.
    private static double Cover(SeededRandom random, SyntheticShape shape, bool striped, Span<double> coverage)
    {
        const double StripePeriod = 5;
        var radius = random.NextDouble(8, 11.5);
        var centreX = random.NextDouble(radius, Side - radius);
        var centreY = random.NextDouble(radius, Side - radius);
        var (cosine, sine) = DrawDirection(random);
        var (stripeCosine, stripeSine) = DrawDirection(random);
        var stripePhase = random.NextDouble();
        var sum = 0.0;
        for (var i = 0; i < Plane; i++)
        {
            var dx = (i % Side) + 0.5 - centreX;
            var dy = (i / Side) + 0.5 - centreY;
            var u = ((cosine * dx) + (sine * dy)) / radius;
            var v = ((cosine * dy) - (sine * dx)) / radius;

            // Half a pixel on each side of the outline is blended, and so is each stripe.
            var covered = Math.Clamp(0.5 - (Distance(shape, u, v) * radius), 0, 1);
            if (striped)
            {
                var along = (((stripeCosine * dx) + (stripeSine * dy)) / StripePeriod) + stripePhase;
                var wave = Math.Abs(along - Math.Floor(along) - 0.5) * 4;
                covered *= Math.Clamp(((wave - 1) * StripePeriod / 4) + 0.5, 0, 1);
            }

            coverage[i] = covered;
            sum += covered;
        }

        return sum / Plane;
    }

    // The shape is lighter than the ground in three images of four and darker in the fourth: with one sign only, blurred shapes would show
    // in the mean image of a class, and a linear classifier could use that; with both alike, small 1-bit networks learn too slowly.
    private static void DrawColours(SeededRandom random, Span<double> ground, Span<double> contrast)
    {
        var light = random.NextDouble(75, 115) * (random.Next(4) == 0 ? -1 : 1);
        for (var channel = 0; channel < 3; channel++)
        {
            ground[channel] = random.NextDouble(70, 160);
            contrast[channel] = light + random.NextDouble(-35, 35);
        }
    }

    // A uniform direction without sine and cosine, whose last bits differ between platforms.
    internal static (double Cosine, double Sine) DrawDirection(SeededRandom random)
    {
        while (true)
        {
            var x = random.NextDouble(-1, 1);
            var y = random.NextDouble(-1, 1);
            var square = (x * x) + (y * y);
            if (square is > 0.01 and <= 1)
            {
                var length = Math.Sqrt(square);
                return (x / length, y / length);
            }
        }
    }

    // Signed distance to the outline, negative inside, in units of the radius; all shapes lie in the unit circle.
    internal static double Distance(SyntheticShape shape, double u, double v)
    {
        var length = Math.Sqrt((u * u) + (v * v));
        var (a, b) = (Math.Abs(u), Math.Abs(v));
        return shape switch
        {
            SyntheticShape.Disc => length - 0.85,
            SyntheticShape.Ring => Math.Abs(length - 0.72) - 0.2,
            SyntheticShape.Square => Math.Max(a, b) - 0.7,
            SyntheticShape.Triangle => Math.Max(-v, (0.8660254037844386 * a) + (0.5 * v)) - 0.5,
            SyntheticShape.Cross => Math.Max(Math.Max(a, b) - 0.95, Math.Min(a, b) - 0.24),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };
    }

    // Brightness of the ground between its knots, linear in both directions.
    private static double Shade(ReadOnlySpan<double> knots, int x, int y)
    {
        var (column, row) = (x / 8, y / 8);
        var (s, t) = (x % 8 / 8.0, y % 8 / 8.0);
        var top = (knots[(row * Knots) + column] * (1 - s)) + (knots[(row * Knots) + column + 1] * s);
        var bottom = (knots[((row + 1) * Knots) + column] * (1 - s)) + (knots[((row + 1) * Knots) + column + 1] * s);
        return (top * (1 - t)) + (bottom * t);
    }
}

/// <summary>The outlines of the synthetic data, in the order of their labels.</summary>
internal enum SyntheticShape
{
    Disc,
    Ring,
    Square,
    Triangle,
    Cross,
}
