using DcpNas.Data.ReIdentification;
using DcpNas.Evaluation;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Which embeddings are evaluated on which queries and gallery, and by which protocol. Immutable.</summary>
[OptionMeaning(nameof(Dataset), "Data set", Names = typeof(PersonDatasetNames), None = "that of the run")]
public sealed record PersonEvaluationOptions : EvaluationOptions
{
    /// <summary>Which of the classic splits of CUHK03; null: that of the run, else 0.</summary>
    [Option("Which of the classic splits of CUHK03", Min = 0, Max = 19, None = "that of the run", Formerly = "split")]
    public int? SplitId { get; init; }

    /// <summary>Distance metric of embeddings.</summary>
    [Option("Distance metric of embeddings", Formerly = "distance")]
    public EmbeddingDistance DistMetric { get; init; } = EmbeddingDistance.Cosine;

    /// <summary>Whether lists are re-ranked by k-reciprocal neighbours (Zhong et al., arXiv:1701.08398).</summary>
    [Option("k-reciprocal re-ranking of the ranked lists (k1 20, k2 6, lambda 0.3)")]
    public bool Rerank { get; init; }

    /// <summary>How further images of a query's person and camera are pooled with it; null: the query alone.</summary>
    [Option("Multi-query: pool all images of a query's identity and camera, where the data set has more of them")]
    public QueryPooling? MultiQuery { get; init; }

    /// <summary>A folder whose images join the gallery as distractors; null for none.</summary>
    [Option("Folder of distractors: images that join the gallery and match no query")]
    public string? Distractors { get; init; }

    /// <summary>Threads that prepare batches; does not change results.</summary>
    [Option("Threads that prepare batches", Min = 0, Max = 64)]
    public int Workers { get; init; } = 1;

    /// <summary>How the protocol is asked to evaluate.</summary>
    internal ReIdentificationOptions Protocol => new()
    {
        Distance = DistMetric == EmbeddingDistance.Euclidean ? FeatureDistance.SquaredEuclidean : FeatureDistance.Cosine,
        ReRanking = Rerank ? new ReRankingOptions() : null,
        Threads = Threads,
    };

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() => OptionRules.Check(
        Distractors is null || Directory.Exists(Distractors), $"distractors must name a folder of images, got '{Distractors}'.");
}

/// <summary>How far apart embeddings are, as the options of an evaluation name it.</summary>
public enum EmbeddingDistance
{
    /// <summary><see cref="FeatureDistance.Cosine"/>.</summary>
    Cosine,

    /// <summary><see cref="FeatureDistance.SquaredEuclidean"/>, which ranks as its root does.</summary>
    Euclidean,
}
