namespace DcpNas.Runtime;

/// <summary>A prior box, in shares of the image: what a detector's numbers are relative to.</summary>
/// <param name="X">Its centre, from the left.</param>
/// <param name="Y">Its centre, from the top.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
public readonly record struct Anchor(double X, double Y, double Width, double Height)
{
    /// <summary>The anchors of a map: row by row, pixel by pixel, all sizes at the centre of each pixel.</summary>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="sizes">The sizes, in their order.</param>
    public static IEnumerable<Anchor> OfMap(int height, int width, IReadOnlyList<AnchorSize> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                foreach (var size in sizes)
                {
                    yield return new Anchor((x + 0.5) / width, (y + 0.5) / height, size.Width, size.Height);
                }
            }
        }
    }
}
