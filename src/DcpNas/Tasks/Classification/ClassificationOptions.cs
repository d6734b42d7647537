namespace DcpNas.Tasks.Classification;

/// <summary>The loss of a classifier.</summary>
public sealed record ClassificationOptions
{
    /// <summary>Share of each target that is spread over all classes.</summary>
    [Option("Share of each label that is spread over all classes", Min = 0, Below = 1)]
    public double LabelSmoothing { get; init; }

    /// <summary>Share of the teacher in the loss where there is one; the rest is that of the labels.</summary>
    [Option("Share of the teacher in the loss, the rest is that of the labels", Min = 0, Max = 1)]
    public double DistillationWeight { get; init; } = 0.9;

    /// <summary>Temperature of the teacher's probabilities.</summary>
    [Option("Temperature of the teacher's probabilities", Above = 0, Finite = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Weight of the auxiliary head's loss on the labels. The default is that of DARTS.</summary>
    [Option("Weight of the loss of the auxiliary head", Min = 0, Finite = true)]
    public double AuxiliaryWeight { get; init; } = 0.4;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
