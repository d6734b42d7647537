using System.Text.Json.Nodes;

namespace DcpNas.Tasks.Classification;

/// <summary>How far the probabilities of a classifier can be believed.</summary>
/// <remarks>
/// Bins are those of Guo et al., arXiv:1706.04599: bin m of 15 holds the images whose confidence (the probability of the predicted class) lies in
/// <c>((m - 1)/15, m/15]</c>.
/// </remarks>
/// <param name="Bins">The reliability bins, from low to high confidence.</param>
/// <param name="NegativeLogLikelihood">Mean of <c>-log p(label)</c>, in nats: the cross entropy, without label smoothing.</param>
/// <param name="Brier">Mean of <c>sum_k (p_k - y_k)^2</c> over all classes, from 0 to 2 (Brier 1950; some tools halve it for two classes).</param>
public sealed record CalibrationMetrics(IReadOnlyList<ReliabilityBin> Bins, double NegativeLogLikelihood, double Brier)
{
    /// <summary>Number of bins.</summary>
    public const int BinCount = 15;

    /// <summary>Expected calibration error: <c>sum_m |B_m|/n |accuracy(B_m) - confidence(B_m)|</c>, from 0 to 1.</summary>
    public double ExpectedError
    {
        get
        {
            var images = Bins.Sum(bin => bin.Count);
            return Bins.Sum(bin => (double)bin.Count / images * (bin.Gap ?? 0));
        }
    }

    /// <summary>The largest gap of a bin that holds images, from 0 to 1.</summary>
    public double MaximumError => Bins.Max(bin => bin.Gap ?? 0);

    /// <summary>The bin of a confidence in (0, 1], from 0.</summary>
    public static int BinOf(double confidence) => Math.Clamp((int)Math.Ceiling(confidence * BinCount) - 1, 0, BinCount - 1);

    /// <summary>Everything, for files.</summary>
    public JsonObject ToJson() => new()
    {
        ["expected_calibration_error"] = ExpectedError,
        ["maximum_calibration_error"] = MaximumError,
        ["negative_log_likelihood"] = NegativeLogLikelihood,
        ["brier_score"] = Brier,
        ["bins"] = new JsonArray([.. Bins.Select(bin => new JsonObject
        {
            ["from"] = bin.From,
            ["to"] = bin.To,
            ["count"] = bin.Count,
            ["accuracy"] = bin.Accuracy,
            ["confidence"] = bin.Confidence,
        })]),
    };
}
