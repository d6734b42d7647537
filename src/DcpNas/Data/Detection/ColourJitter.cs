namespace DcpNas.Data.Detection;

/// <summary>Random brightness (±32), contrast and saturation (0.5 to 1.5) and hue (±18 degrees), each in half of the images, as SSD has them (arXiv:1512.02325).</summary>
/// <remarks>Saturation and hue scale and turn the two colour axes of YIQ; results are limited to 0..255.</remarks>
internal static class ColourJitter
{
    private const double LargestTurn = Math.PI / 10;

    /// <summary>Changes an image. All numbers are drawn, whichever are used.</summary>
    /// <param name="random">The image's stream.</param>
    /// <param name="pixels">Red, green, blue; 0 to 255.</param>
    public static void Apply(SeededRandom random, Span<float> pixels)
    {
        var brightness = Drawn(random, random.NextDouble(-32, 32), 0);
        var contrast = Drawn(random, random.NextDouble(0.5, 1.5), 1);
        var saturation = Drawn(random, random.NextDouble(0.5, 1.5), 1);
        var turn = Drawn(random, random.NextDouble(-LargestTurn, LargestTurn), 0);
        var (cosine, sine) = (Math.Cos(turn) * saturation, Math.Sin(turn) * saturation);
        for (var i = 0; i < pixels.Length; i += 3)
        {
            var (red, green, blue) = ((pixels[i] * contrast) + brightness, (pixels[i + 1] * contrast) + brightness, (pixels[i + 2] * contrast) + brightness);
            var y = (0.299 * red) + (0.587 * green) + (0.114 * blue);
            var (p, q) = ((0.596 * red) - (0.274 * green) - (0.322 * blue), (0.211 * red) - (0.523 * green) + (0.312 * blue));
            (p, q) = ((cosine * p) - (sine * q), (sine * p) + (cosine * q));
            pixels[i] = (float)Math.Clamp(y + (0.956 * p) + (0.621 * q), 0, 255);
            pixels[i + 1] = (float)Math.Clamp(y - (0.272 * p) - (0.647 * q), 0, 255);
            pixels[i + 2] = (float)Math.Clamp(y - (1.107 * p) + (1.704 * q), 0, 255);
        }
    }

    private static double Drawn(SeededRandom random, double value, double neutral) => random.Next(2) == 0 ? neutral : value;
}
