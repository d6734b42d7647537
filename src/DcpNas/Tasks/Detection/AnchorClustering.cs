using DcpNas.Runtime;

namespace DcpNas.Tasks.Detection;

/// <summary>Finds the anchor sizes that fit the objects of a data set: k-means with the distance <c>1 - IoU</c> of boxes about one centre (YOLOv2, arXiv:1612.08242).</summary>
public static class AnchorClustering
{
    // Names this use of the seed among the streams of SeededRandom.
    private const long Stream = 0x616e63686f72;
    private const int MostRounds = 100;
    private const double LeastSide = 0.01;

    /// <summary>Sizes for every level: the smallest ones for the finest level.</summary>
    /// <param name="sizes">Widths and heights of the objects, in shares of their image; at least one.</param>
    /// <param name="levels">Resolutions, at least 1.</param>
    /// <param name="perLevel">Sizes of each, at least 1.</param>
    /// <param name="seed">Names the start.</param>
    public static IReadOnlyList<IReadOnlyList<AnchorSize>> ForLevels(IReadOnlyList<(double Width, double Height)> sizes, int levels, int perLevel, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(perLevel, 1);
        AnchorSize[] all = [.. Cluster(sizes, levels * perLevel, seed).OrderBy(size => size.Width * size.Height)];
        return [.. Enumerable.Range(0, levels).Select(level => (IReadOnlyList<AnchorSize>)all[(level * perLevel)..((level + 1) * perLevel)])];
    }

    /// <summary>The means of k clusters; each rounded to a ten-thousandth, so that files show what is used.</summary>
    /// <param name="sizes">Widths and heights, at least one.</param>
    /// <param name="count">k; where there are fewer sizes than that, sizes repeat.</param>
    /// <param name="seed">Names the start, which is drawn as k-means++ draws it.</param>
    public static IReadOnlyList<AnchorSize> Cluster(IReadOnlyList<(double Width, double Height)> sizes, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentOutOfRangeException.ThrowIfLessThan(sizes.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var centres = Start(sizes, count, new SeededRandom(seed, Stream));
        var owners = new int[sizes.Count];
        Array.Fill(owners, -1);
        for (var round = 0; round < MostRounds; round++)
        {
            var moved = false;
            for (var i = 0; i < sizes.Count; i++)
            {
                var nearest = Enumerable.Range(0, count).MinBy(centre => Distance(sizes[i], centres[centre]));
                moved |= nearest != owners[i];
                owners[i] = nearest;
            }

            if (!moved)
            {
                break;
            }

            for (var centre = 0; centre < count; centre++)
            {
                var own = Enumerable.Range(0, sizes.Count).Where(i => owners[i] == centre).ToList();
                if (own.Count > 0)
                {
                    centres[centre] = (own.Average(i => sizes[i].Width), own.Average(i => sizes[i].Height));
                }
            }
        }

        return [.. centres.Select(centre => new AnchorSize(Side(centre.Width), Side(centre.Height)))];
    }

    /// <summary><c>1 - IoU</c> of two boxes about one centre.</summary>
    public static double Distance((double Width, double Height) a, (double Width, double Height) b)
    {
        var both = Math.Min(a.Width, b.Width) * Math.Min(a.Height, b.Height);
        return 1 - (both / ((a.Width * a.Height) + (b.Width * b.Height) - both));
    }

    private static (double Width, double Height)[] Start(IReadOnlyList<(double Width, double Height)> sizes, int count, SeededRandom random)
    {
        var centres = new List<(double Width, double Height)> { sizes[random.Next(sizes.Count)] };
        while (centres.Count < count)
        {
            double[] squares = [.. sizes.Select(size => centres.Min(centre => Math.Pow(Distance(size, centre), 2)))];
            var drawn = random.NextDouble() * squares.Sum();
            var next = 0;
            while (next < sizes.Count - 1 && (drawn -= squares[next]) > 0)
            {
                next++;
            }

            centres.Add(sizes[next]);
        }

        return [.. centres];
    }

    private static double Side(double share) => Math.Round(Math.Clamp(share, LeastSide, 1), 4);
}
