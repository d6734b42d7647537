namespace DcpNas.Tasks.ReIdentification;

/// <summary>The loss of person re-identification.</summary>
public sealed record ReIdentificationLossOptions
{
    /// <summary>Label smoothing of the identity loss: share of each target that is spread over all identities.</summary>
    [Option("Label smoothing of the identity loss: share of each target that is spread over all identities", Min = 0, Below = 1)]
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Weight of the triplet loss.</summary>
    [Option("Weight of the triplet loss beside the identity loss", Min = 0, Finite = true, Note = "0 leaves it out")]
    public double TripletWeight { get; init; } = 1;

    /// <summary>Margin of the triplet loss; null for the soft margin.</summary>
    [Option("Margin of the batch-hard triplet loss",
        Above = 0, Finite = true, Rule = "above 0, or none for the soft margin", None = "the soft margin", Formerly = "margin")]
    public double? TripletMargin { get; init; } = 0.3;

    /// <summary>Share of the teacher in the loss where there is one.</summary>
    [Option("Share of the teacher in the loss, the rest is that of the identity and the triplet loss", Min = 0, Max = 1)]
    public double DistillationWeight { get; init; } = 0.5;

    /// <summary>Temperature of the teacher's scores.</summary>
    [Option("Temperature of the teacher's scores", Above = 0, Finite = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Weight of the embedding distillation, 1 - cosine to the teacher's embedding, within the teacher's share.</summary>
    [Option("Weight of the embedding distillation (1 - cosine to the teacher's embedding) within the teacher's share",
        Min = 0, Finite = true, Formerly = "embedding_weight")]
    public double EmbeddingDistillationWeight { get; init; } = 1;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
