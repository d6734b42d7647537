using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DcpNas.Protocols.ReIdentification;

/// <summary>The gallery images that show the identity of one query: its matches, nearest first, and those of its own camera.</summary>
internal sealed class MatchRanks
{
    private readonly (int Place, double Distance)[] _matches; // ascending by distance and place
    private readonly IReadOnlyList<(int Place, double Distance)> _removed;

    /// <summary>Sorts the matches.</summary>
    /// <param name="matches">Places and distances of the images of other cameras.</param>
    /// <param name="removed">The same for the query's own camera.</param>
    public MatchRanks(IReadOnlyCollection<(int Place, double Distance)> matches, IReadOnlyList<(int Place, double Distance)> removed)
    {
        _matches = [.. matches.OrderBy(match => match.Distance).ThenBy(match => match.Place)];
        _removed = removed;
    }

    /// <summary>Number of matches.</summary>
    public int Matches => _matches.Length;

    /// <summary>Adds, for each match, the images of a run that come before it.</summary>
    /// <param name="first">Place of the first image.</param>
    /// <param name="distances">One for each image.</param>
    /// <param name="counts">A count for each match.</param>
    public void Count(int first, ReadOnlySpan<double> distances, Span<int> counts)
    {
        for (var i = 0; i < _matches.Length; i++)
        {
            var (place, distance) = _matches[i];
            var earlier = Math.Clamp(place - first, 0, distances.Length); // these come before the match at equal distances too
            counts[i] += CountBelow(distances[..earlier], Math.BitIncrement(distance)) + CountBelow(distances[earlier..], distance);
        }
    }

    /// <summary>The ranks of the matches, from 1, given how many images of the whole gallery come before each.</summary>
    /// <param name="counts">The counts, which the images of the query's own camera are still part of.</param>
    public int[] Ranks(ReadOnlySpan<int> counts)
    {
        var ranks = new int[_matches.Length];
        for (var i = 0; i < ranks.Length; i++)
        {
            var match = _matches[i];
            ranks[i] = 1 + counts[i] - _removed.Count(one => one.Distance < match.Distance || (one.Distance == match.Distance && one.Place < match.Place));
        }

        return ranks;
    }

    private static int CountBelow(ReadOnlySpan<double> values, double limit)
    {
        var (at, count) = (0, 0);
        ref var start = ref MemoryMarshal.GetReference(values);
        if (Vector512.IsHardwareAccelerated)
        {
            for (var limits = Vector512.Create(limit); at <= values.Length - Vector512<double>.Count; at += Vector512<double>.Count)
            {
                count += BitOperations.PopCount(Vector512.LessThan(Vector512.LoadUnsafe(ref start, (nuint)at), limits).ExtractMostSignificantBits());
            }
        }

        for (var limits = Vector256.Create(limit); at <= values.Length - Vector256<double>.Count; at += Vector256<double>.Count)
        {
            count += BitOperations.PopCount(Vector256.LessThan(Vector256.LoadUnsafe(ref start, (nuint)at), limits).ExtractMostSignificantBits());
        }

        for (; at < values.Length; at++)
        {
            count += values[at] < limit ? 1 : 0;
        }

        return count;
    }
}
