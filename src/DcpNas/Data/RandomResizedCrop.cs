namespace DcpNas.Data;

/// <summary>Draws the part of an image that a network sees in an epoch: a rectangle of random area and shape. For one thread.</summary>
/// <remarks>
/// Area: uniform from the smallest share to all of the image. Width over height: log-uniform from 3/4 to 4/3. Place: uniform. A rectangle that does not
/// fit is drawn again, up to ten times; then the largest centred one of a shape in that range is taken. Szegedy et al., arXiv:1409.4842.
/// </remarks>
internal sealed class RandomResizedCrop(double smallestArea)
{
    // Names this use of the seed among the streams of SeededRandom.
    private const long Stream = 0x726573697a6564;
    private const int Tries = 10;
    private const double Narrowest = 3.0 / 4, Widest = 4.0 / 3;
    private readonly SeededRandom _random = new();

    /// <summary>Turns to an image in an epoch.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">The image's index in its data set.</param>
    public void Reseed(long seed, int epoch, int index) => _random.Reseed(seed, Stream, epoch, index);

    /// <summary>The rectangle, in pixels of the image.</summary>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Its height.</param>
    public PixelBox Draw(int width, int height)
    {
        for (var time = 0; time < Tries; time++)
        {
            var area = _random.NextDouble(smallestArea, 1) * width * height;
            var shape = Math.Exp(_random.NextDouble(Math.Log(Narrowest), Math.Log(Widest)));
            var (columns, rows) = ((int)Math.Round(Math.Sqrt(area * shape)), (int)Math.Round(Math.Sqrt(area / shape)));
            if (columns >= 1 && rows >= 1 && columns <= width && rows <= height)
            {
                return new PixelBox(_random.Next(width - columns + 1), _random.Next(height - rows + 1), columns, rows);
            }
        }

        var most = Math.Clamp((double)width / height, Narrowest, Widest);
        var (w, h) = (int.Min(width, (int)Math.Round(height * most)), int.Min(height, (int)Math.Round(width / most)));
        return new PixelBox((width - w) / 2, (height - h) / 2, w, h);
    }
}
