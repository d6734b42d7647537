using DcpNas.Binarization;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Batch normalisation without a module, so that one call serves training, evaluation and the tangent pass.</summary>
/// <remarks>
/// The fused forms give what their parts give one after another, but go over the memory less often and keep only the input for the backward
/// pass. float32 channels-last tensors on the CPU take kernels of our own, differentiable once; all else, and everything under
/// <see cref="GradientOrder.UseSecond"/>, is composed of libtorch's operations.
/// </remarks>
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
    /// <exception cref="ArgumentException">Running statistics are missing where they are needed.</exception>
    public static Tensor Batch(Tensor input, Tensor? runningMean, Tensor? runningVariance, bool training, double momentum = 0.1, Tensor? weight = null, Tensor? bias = null)
    {
        if (!training && (runningMean is null || runningVariance is null))
        {
            throw new ArgumentException("running mean and variance must be given when not training, got none.", nameof(runningMean));
        }

        CheckChannels(input, weight, "normalisation weight");
        CheckChannels(input, bias, "normalisation bias");
        CheckChannels(input, runningMean, "running mean");
        CheckChannels(input, runningVariance, "running variance");
        return IsFast(input, weight, bias) && AreFloat(runningMean, runningVariance)
            ? NormalizeFunction.Apply(input, weight, bias, null, null, new(runningMean, runningVariance, training, momentum, null))
            : nn.functional.batch_norm(input, runningMean!, runningVariance!, weight, bias, training, momentum, Epsilon);
    }

    /// <summary><c>sign(BN(x))</c> with the statistics of the batch.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="estimator">The surrogate gradient of the sign.</param>
    public static Tensor BatchSign(Tensor input, SignEstimator estimator) => Fused(input, null, null, estimator);

    /// <summary><c>PReLU(BN(x))</c> with the statistics of the batch.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    public static Tensor BatchPRelu(Tensor input, Tensor slope) => Fused(input, null, slope, null);

    /// <summary><c>sign(PReLU(BN(x)))</c> with the statistics of the batch.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    /// <param name="estimator">The surrogate gradient of the sign.</param>
    public static Tensor BatchPReluSign(Tensor input, Tensor slope, SignEstimator estimator) => Fused(input, null, slope, estimator);

    /// <summary><c>PReLU(BN(x) + shortcut)</c> with the statistics of the batch.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="shortcut">Of the same shape; null adds nothing.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    public static Tensor BatchAddPRelu(Tensor input, Tensor? shortcut, Tensor slope) => Fused(input, shortcut, slope, null);

    /// <summary>The directional derivative of normalisation with the statistics of the batch. Not recorded.</summary>
    /// <remarks><c>y' = weight / s (t - mean(t) - n mean(n t))</c>, n the normalised input, <c>s = sqrt(var + eps)</c>.</remarks>
    /// <param name="input">The point, <c>[N, C, H, W]</c>.</param>
    /// <param name="tangent">The direction, of the same shape.</param>
    /// <param name="weight"><c>[C]</c> or null for 1.</param>
    public static Tensor BatchTangent(Tensor input, Tensor tangent, Tensor? weight = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeException.ThrowIfNot(tangent, "normalisation tangent", input.shape);
        CheckChannels(input, weight, "normalisation weight");
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (IsFast(input, weight) && Dense.IsFloatOnCpu(tangent))
        {
            return NormalizeFunction.Tangent(input, Dense.ToChannelsLast(tangent), weight).MoveToOuterDisposeScope();
        }

        var scale = (input.var([0, 2, 3], unbiased: false, keepdim: true) + Epsilon).rsqrt();
        var normal = (input - input.mean([0, 2, 3], keepdim: true)) * scale;
        var centred = tangent - tangent.mean([0, 2, 3], keepdim: true) - (normal * (normal * tangent).mean([0, 2, 3], keepdim: true));
        return (weight is null ? centred * scale : centred * scale * weight.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }

    private static Tensor Fused(Tensor input, Tensor? shortcut, Tensor? slope, SignEstimator? estimator)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckChannels(input, slope, "PReLU slope");
        if (shortcut is not null)
        {
            ShapeException.ThrowIfNot(shortcut, "shortcut", input.shape);
        }

        if (IsFast(input, slope) && (shortcut is null || Dense.IsChannelsLast(shortcut)))
        {
            return NormalizeFunction.Apply(input, null, null, shortcut, slope, new(null, null, true, 0, estimator));
        }

        using var scope = NewDisposeScope();
        var value = nn.functional.batch_norm(input, null!, null!, null, null, true, 0.1, Epsilon);
        value = shortcut is null ? value : value + shortcut;
        value = slope is null ? value : Activation.PRelu(value, slope);
        value = estimator is { } surrogate ? Sign.Of(value, surrogate) : value;
        return value.MoveToOuterDisposeScope();
    }

    private static bool IsFast(Tensor input, params ReadOnlySpan<Tensor?> perChannel)
    {
        foreach (var tensor in perChannel)
        {
            if (tensor is not null && (!Dense.IsFloatOnCpu(tensor) || !tensor.is_contiguous()))
            {
                return false;
            }
        }

        return !GradientOrder.IsSecond && Dense.IsChannelsLast(input);
    }

    private static bool AreFloat(Tensor? first, Tensor? second) => (first is null || Dense.IsFloatOnCpu(first)) && (second is null || Dense.IsFloatOnCpu(second));

    private static void CheckChannels(Tensor input, Tensor? tensor, string role)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (tensor is not null)
        {
            ShapeException.ThrowIfNot(tensor, role, input.shape[1]);
        }
    }
}
