namespace DcpNas.Tasks.Classification;

/// <summary>The images whose confidence lies in a range.</summary>
/// <param name="From">Lower end, not included.</param>
/// <param name="To">Upper end, included.</param>
/// <param name="Count">Images.</param>
/// <param name="Right">Images that were classified right.</param>
/// <param name="Confidence">Mean confidence; null without images.</param>
public sealed record ReliabilityBin(double From, double To, long Count, long Right, double? Confidence)
{
    /// <summary>Share of right images; null without images.</summary>
    public double? Accuracy => Count == 0 ? null : (double)Right / Count;

    /// <summary>How far accuracy and confidence are apart; null without images.</summary>
    public double? Gap => Accuracy is { } accuracy ? Math.Abs(accuracy - Confidence!.Value) : null;
}
