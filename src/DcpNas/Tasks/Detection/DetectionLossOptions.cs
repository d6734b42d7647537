namespace DcpNas.Tasks.Detection;

/// <summary>The loss of a one-stage detector.</summary>
public sealed record DetectionLossOptions
{
    /// <summary>An anchor whose IoU with an object is at least this is positive.</summary>
    [Option("IoU from which on an anchor is positive (foreground)", Above = 0, Max = 1)]
    public double FgIouThresh { get; init; } = 0.5;

    /// <summary>Negative anchors of the loss per positive one.</summary>
    [Option("Negative anchors of the loss per positive one (hard negative mining)", Above = 0, Max = 1000, Formerly = "negative_ratio")]
    public double NegToPosRatio { get; init; } = 3;

    /// <summary>Weight of the loss of boxes.</summary>
    [Option("Weight of the box regression loss", Min = 0, Finite = true, Formerly = "box_weight")]
    public double BoxLossWeight { get; init; } = 1;

    /// <summary>Share of the teacher in the loss where there is one.</summary>
    [Option("Share of the teacher in the loss", Min = 0, Max = 1)]
    public double DistillationWeight { get; init; } = 0.5;

    /// <summary>Temperature of the teacher's probabilities.</summary>
    [Option("Temperature of the teacher's probabilities", Above = 0, Finite = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
