namespace DcpNas.Protocols.ReIdentification;

/// <summary>The gallery images that show the identity of one query: its matches, nearest first, and those of its own camera.</summary>
internal sealed class MatchRanks
{
    private readonly double[] _distances; // of the matches, ascending; equal ones by place
    private readonly int[] _places;

    /// <summary>Sorts the matches.</summary>
    /// <param name="matches">Places and distances of the images of other cameras.</param>
    /// <param name="removed">The same for the query's own camera.</param>
    public MatchRanks(IReadOnlyCollection<(int Place, double Distance)> matches, IReadOnlyList<(int Place, double Distance)> removed)
    {
        (int Place, double Distance)[] sorted = [.. matches.OrderBy(match => match.Distance).ThenBy(match => match.Place)];
        _distances = [.. sorted.Select(match => match.Distance)];
        _places = [.. sorted.Select(match => match.Place)];
        Removed = removed;
    }

    /// <summary>Number of matches.</summary>
    public int Matches => _places.Length;

    /// <summary>Images of the query's identity and camera.</summary>
    public IReadOnlyList<(int Place, double Distance)> Removed { get; }

    /// <summary>Counts images by how many matches come before them.</summary>
    /// <param name="first">Place of the first image.</param>
    /// <param name="distances">One for each image.</param>
    /// <param name="counts">Room for one more than <see cref="Matches"/>.</param>
    public void Count(int first, ReadOnlySpan<double> distances, Span<int> counts)
    {
        for (var i = 0; i < distances.Length; i++)
        {
            counts[Before(first + i, distances[i])]++;
        }
    }

    /// <summary>The ranks of the matches, from 1, given how many images of the whole gallery have 0, 1, ... matches before them.</summary>
    /// <param name="counts">The counts, which those of the query's own identity are still part of.</param>
    public int[] Ranks(Span<int> counts)
    {
        for (var match = 0; match < _places.Length; match++)
        {
            counts[Before(_places[match], _distances[match])]--;
        }

        foreach (var (place, distance) in Removed)
        {
            counts[Before(place, distance)]--;
        }

        var ranks = new int[_places.Length];
        var others = 0;
        for (var match = 0; match < ranks.Length; match++)
        {
            others += counts[match];
            ranks[match] = others + match + 1;
        }

        return ranks;
    }

    /// <summary>How many matches come before an image or are it.</summary>
    private int Before(int place, double distance)
    {
        var distances = _distances;
        var (low, length) = (0, distances.Length);
        while (length > 0)
        {
            var half = (length + 1) >> 1;
            low += distances[low + half - 1] < distance ? half : 0; // a conditional move: the outcome cannot be predicted
            length -= half;
        }

        while (low < distances.Length && distances[low] == distance && _places[low] <= place)
        {
            low++;
        }

        return low;
    }
}
