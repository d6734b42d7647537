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
        return Fused(input, null, null, null, new(weight, bias, runningMean, runningVariance, training, momentum));
    }

    /// <summary><c>sign(BN(x))</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="estimator">The surrogate gradient of the sign.</param>
    /// <param name="state">Weight, bias, statistics; null for the statistics of the batch alone.</param>
    public static Tensor BatchSign(Tensor input, SignEstimator estimator, NormalizationState? state = null) => Fused(input, null, null, estimator, state);

    /// <summary><c>PReLU(BN(x))</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    /// <param name="state">Weight, bias, statistics; null for the statistics of the batch alone.</param>
    public static Tensor BatchPRelu(Tensor input, Tensor slope, NormalizationState? state = null) => Fused(input, null, slope, null, state);

    /// <summary><c>sign(PReLU(BN(x)))</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    /// <param name="estimator">The surrogate gradient of the sign.</param>
    /// <param name="state">Weight, bias, statistics; null for the statistics of the batch alone.</param>
    public static Tensor BatchPReluSign(Tensor input, Tensor slope, SignEstimator estimator, NormalizationState? state = null) => Fused(input, null, slope, estimator, state);

    /// <summary><c>BN(x) + shortcut</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="shortcut">Of the same shape.</param>
    /// <param name="state">Weight, bias, statistics; null for the statistics of the batch alone.</param>
    public static Tensor BatchAdd(Tensor input, Tensor shortcut, NormalizationState? state = null) => Fused(input, shortcut, null, null, state);

    /// <summary><c>PReLU(BN(x) + shortcut)</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="shortcut">Of the same shape; null adds nothing.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    /// <param name="state">Weight, bias, statistics; null for the statistics of the batch alone.</param>
    public static Tensor BatchAddPRelu(Tensor input, Tensor? shortcut, Tensor slope, NormalizationState? state = null) => Fused(input, shortcut, slope, null, state);

    /// <summary>The directional derivative of normalisation with the statistics of the batch. Not recorded.</summary>
    /// <remarks><c>y' = weight / s (t - mean(t) - n mean(n t))</c>, n the normalised input, <c>s = sqrt(var + eps)</c>.</remarks>
    /// <param name="input">The point, <c>[N, C, H, W]</c>.</param>
    /// <param name="tangent">The direction, of the same shape.</param>
    /// <param name="weight"><c>[C]</c> or null for 1.</param>
    public static Tensor BatchTangent(Tensor input, Tensor tangent, Tensor? weight = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeException.ThrowIfUnlike(tangent, "normalisation tangent", input);
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

    /// <summary>Whether the state fits the channels and has what it needs.</summary>
    internal static void Check(Tensor input, NormalizationState state)
    {
        if (!state.Training && (state.RunningMean is null || state.RunningVariance is null))
        {
            throw new ArgumentException("running mean and variance must be given when not training, got none.", nameof(state));
        }

        CheckChannels(input, state.Weight, "normalisation weight");
        CheckChannels(input, state.Bias, "normalisation bias");
        CheckChannels(input, state.RunningMean, "running mean");
        CheckChannels(input, state.RunningVariance, "running variance");
    }

    private static Tensor Fused(Tensor input, Tensor? shortcut, Tensor? slope, SignEstimator? estimator, NormalizationState? given)
    {
        var state = given ?? NormalizationState.OfBatch;
        ArgumentNullException.ThrowIfNull(input);
        Check(input, state);
        CheckChannels(input, slope, "PReLU slope");
        if (shortcut is not null)
        {
            ShapeException.ThrowIfUnlike(shortcut, "shortcut", input);
        }

        if (IsFast(input, slope, state.Weight, state.Bias) && Statistics.Accepts(state) && (shortcut is null || Dense.IsChannelsLast(shortcut)))
        {
            return NormalizeFunction.Apply(input, shortcut, slope, state, estimator);
        }

        using var scope = NewDisposeScope();
        var value = !state.Training && input.dtype == ScalarType.Float64
            ? InOrder(input, state)
            : nn.functional.batch_norm(input, state.RunningMean!, state.RunningVariance!, state.Weight, state.Bias, state.Training, state.Momentum, Epsilon);
        value = shortcut is null ? value : value + shortcut;
        value = slope is null ? value : Activation.PRelu(value, slope);
        value = estimator is { } surrogate ? Sign.Of(value, surrogate) : value;
        return value.MoveToOuterDisposeScope();
    }

    /// <summary><c>(x - mean) (weight / sqrt(var + eps)) + bias</c> in this order, as the kernels have it: a value that equals the mean gives the bias, where libtorch's order leaves rounding noise.</summary>
    private static Tensor InOrder(Tensor input, NormalizationState state)
    {
        var deviation = (state.RunningVariance! + Epsilon).sqrt();
        var scale = state.Weight is null ? deviation.reciprocal() : state.Weight / deviation;
        var value = (input - state.RunningMean!.view(1, -1, 1, 1)) * scale.view(1, -1, 1, 1);
        return state.Bias is null ? value : value + state.Bias.view(1, -1, 1, 1);
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

    private static void CheckChannels(Tensor input, Tensor? tensor, string role)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (tensor is not null)
        {
            ShapeException.ThrowIfNot(tensor, role, input.size(1));
        }
    }
}
