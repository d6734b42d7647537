namespace DcpNas.Tasks.ReIdentification;

/// <summary>The loss of person re-identification.</summary>
public sealed record ReIdentificationLossOptions
{
    /// <summary>Share of each person's target that is spread over all persons.</summary>
    [Option("Share of each person's target that is spread over all persons", Min = 0, Below = 1)]
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Weight of the triplet loss.</summary>
    [Option("Weight of the triplet loss", Min = 0, Finite = true, Note = "0 leaves it out")]
    public double TripletWeight { get; init; } = 1;

    /// <summary>Margin of the triplet loss; null for the soft margin.</summary>
    [Option("Margin of the triplet loss", Above = 0, Finite = true, Rule = "above 0, or none for the soft margin", None = "the soft margin")]
    public double? Margin { get; init; } = 0.3;

    /// <summary>Share of the teacher in the loss where there is one.</summary>
    [Option("Share of the teacher in the loss, the rest is that of persons and triplets", Min = 0, Max = 1)]
    public double DistillationWeight { get; init; } = 0.5;

    /// <summary>Temperature of the teacher's scores.</summary>
    [Option("Temperature of the teacher's scores", Above = 0, Finite = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Weight of the difference of the embeddings' directions within the teacher's share.</summary>
    [Option("Weight of the difference from the teacher's embeddings within the teacher's share", Min = 0, Finite = true)]
    public double EmbeddingWeight { get; init; } = 1;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
