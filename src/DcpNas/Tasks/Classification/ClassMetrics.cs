namespace DcpNas.Tasks.Classification;

/// <summary>How one class was recognised.</summary>
/// <param name="Label">The class.</param>
/// <param name="Count">Images of it.</param>
/// <param name="Predicted">Images that were taken for it.</param>
/// <param name="Right">Images of it that were taken for it.</param>
public sealed record ClassMetrics(int Label, long Count, long Predicted, long Right)
{
    /// <summary>Right among those taken for the class; null where no image was.</summary>
    public double? Precision => Predicted == 0 ? null : (double)Right / Predicted;

    /// <summary>Right among those of the class; null where there is none.</summary>
    public double? Recall => Count == 0 ? null : (double)Right / Count;

    /// <summary>Harmonic mean of precision and recall, <c>2 right / (count + predicted)</c>; null where the class neither occurs nor was predicted.</summary>
    public double? F1 => Count + Predicted == 0 ? null : 2.0 * Right / (Count + Predicted);
}
