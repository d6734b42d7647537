namespace DcpNas.Protocols.ReIdentification;

/// <summary>Counts, for each query, the gallery images before each of its matches: all that ranks need, and no list is sorted.</summary>
/// <param name="queries">The matches of each row of the pass.</param>
internal sealed class RankCounter(MatchRanks[] queries) : IDistanceSink
{
    private readonly int[][] _counts = [.. queries.Select(query => new int[query.Matches])];

    /// <inheritdoc/>
    public void Take(int row, int first, ReadOnlySpan<double> distances) => queries[row].Count(first, distances, _counts[row]);

    /// <summary>The ranks of a query's matches, from what all threads counted.</summary>
    public static int[] Ranks(MatchRanks query, int row, IReadOnlyList<RankCounter> counters)
    {
        var counts = new int[query.Matches];
        foreach (var counter in counters)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += counter._counts[row][i];
            }
        }

        return query.Ranks(counts);
    }
}
