namespace DcpNas.Protocols.ReIdentification;

/// <summary>How <see cref="ReIdentificationEvaluator"/> evaluates.</summary>
public sealed record ReIdentificationOptions
{
    /// <summary>How far apart features are; default <see cref="FeatureDistance.SquaredEuclidean"/>.</summary>
    public FeatureDistance Distance { get; init; } = FeatureDistance.SquaredEuclidean;

    /// <summary>Re-ranking, or null (the default) for none.</summary>
    public ReRankingOptions? ReRanking { get; init; }

    /// <summary>Threads, 0 for one per core (the default). Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Gallery images that are compared with all queries at once, 0 (the default) for as many as fit a cache. Results do not depend on it.</summary>
    public int GalleryBlock { get; init; }

    /// <summary>Every fault, one sentence each.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. Enum.IsDefined(Distance) ? Array.Empty<string>() : [$"distance must be squared_euclidean or cosine, got {Distance}."],
        .. ReRanking?.Problems() ?? [],
        .. Threads >= 0 ? Array.Empty<string>() : [$"threads must be at least 0, got {Threads}."],
        .. GalleryBlock >= 0 ? Array.Empty<string>() : [$"gallery_block must be at least 0, got {GalleryBlock}."],
    ];
}
