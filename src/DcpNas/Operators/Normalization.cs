using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Batch normalisation without a module, so that one call serves training, evaluation and the tangent pass.</summary>
public static class Normalization
{
    /// <summary>The small number added to the variance.</summary>
    public const double Epsilon = 1e-5;

    /// <summary><c>y = (x - mean_c) / sqrt(var_c + 1e-5) * weight_c + bias_c</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="runningMean"><c>[C]</c>; moved towards the batch mean by <paramref name="momentum"/> when training. Null: not kept.</param>
    /// <param name="runningVariance"><c>[C]</c>, likewise (unbiased).</param>
    /// <param name="training">Whether the statistics are those of the batch (biased variance) or the running ones.</param>
    /// <param name="momentum">Share of the new value in the running statistics.</param>
    /// <param name="weight"><c>[C]</c> or null for 1.</param>
    /// <param name="bias"><c>[C]</c> or null for 0.</param>
    public static Tensor Batch(Tensor input, Tensor? runningMean, Tensor? runningVariance, bool training, double momentum = 0.1, Tensor? weight = null, Tensor? bias = null) =>
        nn.functional.batch_norm(input, runningMean!, runningVariance!, weight, bias, training, momentum, Epsilon);
}
