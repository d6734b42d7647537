using DcpNas.Data;

namespace DcpNas.Assessment;

/// <summary>Which classifier is to be run over which images. Immutable.</summary>
public sealed record EvaluationOptions : AssessmentOptions
{
    /// <summary>test or valid. Default test.</summary>
    public string Split { get; init; } = Test;

    /// <summary>Images used, the same share of every class; null: as many as the run, which is all unless it says otherwise.</summary>
    public int? Images { get; init; }

    /// <summary>Threads that prepare batches, 0 to 64; does not change results. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Datasets => DatasetNames.All;

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() => [.. SplitProblem(Split), .. ImageProblem(Images), .. WorkerProblem(Workers)];
}
