namespace DcpNas.Tasks.Detection;

/// <summary>The loss of a one-stage detector.</summary>
public sealed record DetectionLossOptions
{
    /// <summary>An anchor learns an object that overlaps it by so much.</summary>
    [Option("Overlap from which on an anchor learns an object", Above = 0, Max = 1)]
    public double MatchThreshold { get; init; } = 0.5;

    /// <summary>Anchors on background that are learned, per anchor with an object.</summary>
    [Option("Anchors on background that are learned, per anchor with an object", Above = 0, Max = 1000)]
    public double NegativeRatio { get; init; } = 3;

    /// <summary>Weight of the loss of boxes.</summary>
    [Option("Weight of the loss of boxes", Min = 0, Finite = true)]
    public double BoxWeight { get; init; } = 1;

    /// <summary>Share of the teacher in the loss where there is one.</summary>
    [Option("Share of the teacher in the loss", Min = 0, Max = 1)]
    public double DistillationWeight { get; init; } = 0.5;

    /// <summary>Temperature of the teacher's probabilities.</summary>
    [Option("Temperature of the teacher's probabilities", Above = 0, Finite = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
