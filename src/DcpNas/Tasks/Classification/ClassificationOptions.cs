namespace DcpNas.Tasks.Classification;

/// <summary>The loss of a classifier.</summary>
public sealed record ClassificationOptions
{
    /// <summary>Share of each target that is spread over all classes, in [0, 1). Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Share of the teacher in the loss where there is one, in [0, 1]; the rest is that of the labels. Default 0.9.</summary>
    public double DistillationWeight { get; init; } = 0.9;

    /// <summary>Temperature of the teacher's probabilities, above 0. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Weight of the auxiliary head's loss on the labels, at least 0. Default 0.4, as in DARTS.</summary>
    public double AuxiliaryWeight { get; init; } = 0.4;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(LabelSmoothing is >= 0 and < 1, $"label_smoothing must be in [0, 1), got {LabelSmoothing}.");
        Check(DistillationWeight is >= 0 and <= 1, $"distillation_weight must be in [0, 1], got {DistillationWeight}.");
        Check(Temperature is > 0 and < double.PositiveInfinity, $"temperature must be above 0, got {Temperature}.");
        Check(AuxiliaryWeight is >= 0 and < double.PositiveInfinity, $"auxiliary_weight must be at least 0, got {AuxiliaryWeight}.");
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
