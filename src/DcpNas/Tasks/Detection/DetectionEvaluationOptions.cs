using DcpNas.Data.Detection;
using DcpNas.Evaluation;

namespace DcpNas.Tasks.Detection;

/// <summary>Which trained detector is to be evaluated on which images. Immutable.</summary>
[OptionMeaning(nameof(Dataset), "Data set", Names = typeof(DetectionDatasetNames), None = "that of the run")]
public sealed record DetectionEvaluationOptions : EvaluationOptions
{
    /// <summary>Creates the defaults: 16 images per batch, because those of detection are large.</summary>
    public DetectionEvaluationOptions() => BatchSize = 16;

    /// <summary>Which images are used.</summary>
    [Option("test, or valid: what the training held out to select its network")]
    public string Split { get; init; } = SplitNames.Test;

    /// <summary>Images used, the first ones; null: as many as the run, which is all unless it says otherwise.</summary>
    [Option("Images to use, the first ones", Min = 1, None = "as the run, which is all")]
    public int? Images { get; init; }

    /// <summary>Whether average precision by eleven points is taken at exact tenths, and not at those of the field's tools.</summary>
    [Option("Average precision by 11 points at exact tenths instead of k * 0.1 in binary64, which the field's tools use and a recall of 3/10, 6/10 or 7/10 misses; the output says so")]
    public bool ExactRecalls { get; init; }

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() => SplitProblem(Split);
}
