namespace DcpNas.Protocols.ReIdentification;

/// <summary>What the protocol says about one query.</summary>
/// <param name="Query">Its place among the queries.</param>
/// <param name="Ranks">Ranks of its matches, from 1, ascending; empty if the query has no match and is skipped.</param>
public sealed record QueryMetrics(int Query, IReadOnlyList<int> Ranks)
{
    /// <summary>The mean of the precisions at the matches; 0 without one.</summary>
    public double AveragePrecision { get; } = Ranks.Select((rank, hit) => (hit + 1.0) / rank).DefaultIfEmpty(0).Average();

    /// <summary>Matches over the rank of the last one: how far one must look to find all; 0 without one.</summary>
    public double InverseNegativePenalty { get; } = Ranks.Count == 0 ? 0 : Ranks.Count / (double)Ranks[^1];
}
