using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Assessment.ReIdentification;

/// <summary>Which network is to tell which persons apart, and how it is judged. Immutable.</summary>
public sealed record PersonEvaluationOptions : AssessmentOptions
{
    /// <summary>Which of the classic splits of CUHK03; null: that of the run, else 0.</summary>
    public int? Split { get; init; }

    /// <summary>How far apart embeddings are. Default cosine.</summary>
    public FeatureDistance Distance { get; init; } = FeatureDistance.Cosine;

    /// <summary>Whether lists are re-ranked by k-reciprocal neighbours. Default false.</summary>
    public bool ReRank { get; init; }

    /// <summary>How further images of a query's person and camera are pooled with it; null: the query alone. Default null.</summary>
    public QueryPooling? MultiQuery { get; init; }

    /// <summary>A folder whose images join the gallery as distractors; null for none.</summary>
    public string? Distractors { get; init; }

    /// <summary>Threads that prepare batches, 0 to 64; does not change results. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How the protocol is asked to judge.</summary>
    internal ReIdentificationOptions Protocol => new()
    {
        Distance = Distance,
        ReRanking = ReRank ? new ReRankingOptions() : null,
        Threads = Threads,
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Datasets => PersonDatasetNames.All;

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() =>
    [
        .. Problem(Split is null or (>= 0 and <= 19), $"split must be from 0 to 19, got {Split}."),
        .. Problem(Distractors is null || Directory.Exists(Distractors), $"distractors must name a folder of images, got '{Distractors}'."),
        .. WorkerProblem(Workers),
    ];
}
