namespace DcpNas.Protocols.ReIdentification;

/// <summary>What the protocol says about a network.</summary>
/// <param name="Distance">How far apart features were.</param>
/// <param name="ReRanked">Whether k-reciprocal re-ranking was used.</param>
/// <param name="GalleryImages">Gallery images that took part, distractors included, junk not.</param>
/// <param name="JunkImages">Junk that was dropped, of queries and gallery together.</param>
/// <param name="Queries">Every query that is no junk, in their order.</param>
public sealed record ReIdentificationMetrics(
    FeatureDistance Distance, bool ReRanked, int GalleryImages, int JunkImages, IReadOnlyList<QueryMetrics> Queries)
{
    /// <summary>Ranks of the curve.</summary>
    public const int CurveLength = 50;

    /// <summary>Queries without a match, which no measure counts.</summary>
    public int SkippedQueries { get; } = Queries.Count(query => query.Ranks.Count == 0);

    /// <summary>Cumulative matching characteristic: the share of queries whose first match has rank 1, at most 2, ..., at most 50.</summary>
    public IReadOnlyList<double> Curve { get; init; } =
        [.. Enumerable.Range(1, CurveLength).Select(rank => Mean(Queries, query => query.Ranks[0] <= rank ? 1 : 0))];

    /// <summary>Mean average precision.</summary>
    public double MeanAveragePrecision { get; } = Mean(Queries, query => query.AveragePrecision);

    /// <summary>Mean inverse negative penalty.</summary>
    public double MeanInverseNegativePenalty { get; } = Mean(Queries, query => query.InverseNegativePenalty);

    /// <summary>The share of queries with a match among the first images.</summary>
    /// <param name="rank">How many, from 1 to 50.</param>
    public double MatchingRate(int rank) => Curve[rank - 1];

    /// <summary>The measures by the names that reach files.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values() =>
    [
        new("rank_1", MatchingRate(1)),
        new("rank_5", MatchingRate(5)),
        new("rank_10", MatchingRate(10)),
        new("rank_20", MatchingRate(20)),
        new("mAP", MeanAveragePrecision),
        new("mINP", MeanInverseNegativePenalty),
    ];

    private static double Mean(IReadOnlyList<QueryMetrics> queries, Func<QueryMetrics, double> measure) =>
        queries.Where(query => query.Ranks.Count > 0).Average(measure);
}
