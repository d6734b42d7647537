namespace DcpNas.Tasks.ReIdentification;

/// <summary>The loss of person re-identification.</summary>
public sealed record ReIdentificationLossOptions
{
    /// <summary>Share of each person's target that is spread over all persons, in [0, 1). Default 0.1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Weight of the triplet loss, at least 0. Default 1.</summary>
    public double TripletWeight { get; init; } = 1;

    /// <summary>Margin of the triplet loss, above 0; null for the soft margin. Default 0.3.</summary>
    public double? Margin { get; init; } = 0.3;

    /// <summary>Share of the teacher in the loss where there is one, in [0, 1]. Default 0.5.</summary>
    public double DistillationWeight { get; init; } = 0.5;

    /// <summary>Temperature of the teacher's scores, above 0. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Weight of the difference of the embeddings' directions within the teacher's share, at least 0. Default 1.</summary>
    public double EmbeddingWeight { get; init; } = 1;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(LabelSmoothing is >= 0 and < 1, $"label_smoothing must be in [0, 1), got {LabelSmoothing}.");
        Check(TripletWeight is >= 0 and < double.PositiveInfinity, $"triplet_weight must be at least 0, got {TripletWeight}.");
        Check(Margin is null or (> 0 and < double.PositiveInfinity), $"margin must be above 0, or none for the soft margin, got {Margin}.");
        Check(DistillationWeight is >= 0 and <= 1, $"distillation_weight must be in [0, 1], got {DistillationWeight}.");
        Check(Temperature is > 0 and < double.PositiveInfinity, $"temperature must be above 0, got {Temperature}.");
        Check(EmbeddingWeight is >= 0 and < double.PositiveInfinity, $"embedding_weight must be at least 0, got {EmbeddingWeight}.");
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
