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

    /// <summary><c>y = (x - mean_c) / sqrt(var_c + 1e-5) * weight_c + bias_c</c>, and what follows it: <c>[sign] [PReLU] (y [+ shortcut])</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="state">Weight, bias, statistics; null for the statistics of the batch alone.</param>
    /// <param name="shortcut">Of the same shape, added to the normalised value; null adds nothing.</param>
    /// <param name="slope">Of a PReLU of the sum, <c>[C]</c>; null leaves it out.</param>
    /// <param name="sign">The surrogate gradient of a sign at the end; null leaves it out.</param>
    /// <exception cref="ArgumentException">Running statistics are missing where they are needed.</exception>
    /// <exception cref="ShapeException">A tensor does not fit the input.</exception>
    public static Tensor Apply(Tensor input, NormalizationState? state = null, Tensor? shortcut = null, Tensor? slope = null, SignEstimator? sign = null)
    {
        state ??= NormalizationState.OfBatch;
        ArgumentNullException.ThrowIfNull(input);
        Check(input, state);
        CheckChannels(input, slope, "PReLU slope");
        if (shortcut is not null)
        {
            ShapeException.ThrowIfUnlike(shortcut, "shortcut", input);
        }

        if (IsFast(input, slope, state.Weight, state.Bias) && Statistics.Accepts(state) && (shortcut is null || Dense.IsChannelsLast(shortcut)))
        {
            return NormalizeFunction.Apply(input, shortcut, slope, state, sign);
        }

        using var scope = NewDisposeScope();
        var value = !state.Training && input.dtype == ScalarType.Float64
            ? InOrder(input, state)
            : nn.functional.batch_norm(input, state.RunningMean!, state.RunningVariance!, state.Weight, state.Bias, state.Training, state.Momentum, Epsilon);
        value = shortcut is null ? value : value + shortcut;
        value = slope is null ? value : Activation.PRelu(value, slope);
        value = sign is { } surrogate ? Sign.Of(value, surrogate) : value;
        return value.MoveToOuterDisposeScope();
    }

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
