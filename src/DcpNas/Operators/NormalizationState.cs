using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Weight, bias and running statistics of a batch normalisation that is followed by something else.</summary>
/// <param name="Weight"><c>[C]</c> or null for 1.</param>
/// <param name="Bias"><c>[C]</c> or null for 0.</param>
/// <param name="RunningMean"><c>[C]</c>; moved towards the batch mean when training, used instead of it else. Null: not kept.</param>
/// <param name="RunningVariance"><c>[C]</c>, likewise (unbiased).</param>
/// <param name="Training">Whether the statistics are those of the batch or the running ones.</param>
/// <param name="Momentum">Share of the new value in the running statistics.</param>
public sealed record NormalizationState(Tensor? Weight, Tensor? Bias, Tensor? RunningMean, Tensor? RunningVariance, bool Training, double Momentum = 0.1)
{
    /// <summary>Statistics of the batch, nothing kept, no weight and bias.</summary>
    public static NormalizationState OfBatch { get; } = new(null, null, null, null, Training: true);
}
