namespace DcpNas.Tasks.Detection;

/// <summary>The loss of a one-stage detector.</summary>
public sealed record DetectionLossOptions
{
    /// <summary>An anchor learns an object that overlaps it by so much; above 0, at most 1. Default 0.5.</summary>
    public double MatchThreshold { get; init; } = 0.5;

    /// <summary>Anchors on background that are learned, per anchor with an object; above 0. Default 3.</summary>
    public double NegativeRatio { get; init; } = 3;

    /// <summary>Weight of the loss of boxes, at least 0. Default 1.</summary>
    public double BoxWeight { get; init; } = 1;

    /// <summary>Share of the teacher in the loss where there is one, in [0, 1]. Default 0.5.</summary>
    public double DistillationWeight { get; init; } = 0.5;

    /// <summary>Temperature of the teacher's probabilities, above 0. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(MatchThreshold is > 0 and <= 1, $"match_threshold must be above 0 and at most 1, got {MatchThreshold}.");
        Check(NegativeRatio is > 0 and <= 1000, $"negative_ratio must be above 0 and at most 1000, got {NegativeRatio}.");
        Check(BoxWeight is >= 0 and < double.PositiveInfinity, $"box_weight must be at least 0, got {BoxWeight}.");
        Check(DistillationWeight is >= 0 and <= 1, $"distillation_weight must be in [0, 1], got {DistillationWeight}.");
        Check(Temperature is > 0 and < double.PositiveInfinity, $"temperature must be above 0, got {Temperature}.");
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
