using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Assessment.ReIdentification;

/// <summary>Which network is to tell which persons apart, and how it is judged. Immutable.</summary>
public sealed record PersonEvaluationOptions
{
    /// <summary>The folder of a training run, or a checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>A name of <see cref="PersonDatasetNames"/>; null: that of the run that the checkpoint lies in.</summary>
    public string? Dataset { get; init; }

    /// <summary>Folder of the data set; null: that of the run, then environment variable DCPNAS_DATA, then .data.</summary>
    public string? Data { get; init; }

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

    /// <summary>Images per batch, at least 1; changes no result but by rounding. Default 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>cpu, cuda, cuda:N or auto. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch and of the evaluator; 0 = all cores. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that prepare batches, 0 to 64; does not change results. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How the protocol is asked to judge.</summary>
    internal ReIdentificationOptions Protocol => new()
    {
        Distance = Distance,
        ReRanking = ReRank ? new ReRankingOptions() : null,
        Threads = Threads,
    };

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Dataset is null || PersonDatasetNames.All.Contains(Dataset), $"dataset must be one of {string.Join(", ", PersonDatasetNames.All)}, got '{Dataset}'.");
        Check(Split is null or (>= 0 and <= 19), $"split must be from 0 to 19, got {Split}.");
        Check(Distractors is null || Directory.Exists(Distractors), $"distractors must name a folder of images, got '{Distractors}'.");
        Check(BatchSize >= 1, $"batch_size must be at least 1, got {BatchSize}.");
        Check(Threads >= 0, $"threads must be at least 0, got {Threads}.");
        Check(Workers is >= 0 and <= 64, $"workers must be from 0 to 64, got {Workers}.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
