using DcpNas.Data.Detection;

namespace DcpNas.Assessment;

/// <summary>Which trained detector is to be judged on which images. Immutable.</summary>
public sealed record DetectionEvaluationOptions : AssessmentOptions
{
    /// <summary>Creates the defaults: 16 images per batch, because those of detection are large.</summary>
    public DetectionEvaluationOptions() => BatchSize = 16;

    /// <summary>test or valid. Default test.</summary>
    public string Split { get; init; } = Test;

    /// <summary>Images used, the first ones; null: as many as the run, which is all unless it says otherwise.</summary>
    public int? Images { get; init; }

    /// <summary>Whether average precision by eleven points is taken at exact tenths, and not at those of the field's tools. Default false.</summary>
    public bool ExactRecalls { get; init; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Datasets => DetectionDatasetNames.All;

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() => [.. SplitProblem(Split), .. ImageProblem(Images)];
}
