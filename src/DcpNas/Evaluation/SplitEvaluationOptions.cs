using DcpNas.Tasks;

namespace DcpNas.Evaluation;

/// <summary>Options of what runs a network over a split of whole images. Immutable.</summary>
public abstract record SplitEvaluationOptions : EvaluationOptions
{
    /// <summary>Which images are used.</summary>
    [Option("test, or valid: what the training held out to select its network")]
    public string Split { get; init; } = SplitNames.Test;

    /// <summary>Images used, the same share of every class; null: as many as the run, which is all unless it says otherwise.</summary>
    [Option("Images to use, the same share of every class", Min = 1, None = "as the run, which is all")]
    public int? Images { get; init; }

    /// <summary>Threads that prepare batches; does not change results.</summary>
    [Option("Threads that prepare batches", Min = 0, Max = 64)]
    public int Workers { get; init; } = 1;

    /// <inheritdoc/>
    protected override IEnumerable<string> TaskProblems() => SplitProblem(Split);
}
