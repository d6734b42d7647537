using DcpNas.Binarization;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The inner chain of a separable block in one step: depthwise -> BN -> PReLU -> [sign] -> pointwise.</summary>
/// <remarks>
/// Gives what the five operators give one after another. The fast path (float32, channels-last, CPU, differentiable once) keeps only the
/// operand and the depthwise output for the backward pass; the values between are computed again for a few pixels at a time.
/// </remarks>
public static class SeparableCore
{
    /// <summary><c>pointwise([sign] PReLU(BN(depthwise(x))))</c>, BN as <paramref name="state"/> says.</summary>
    /// <param name="operand"><c>[N, C, H, W]</c>; ±1 in a 1-bit network.</param>
    /// <param name="depthwise"><c>[C, 1, k, k]</c>, k odd.</param>
    /// <param name="stride">Of the depthwise convolution: 1 or 2, in pixels.</param>
    /// <param name="dilation">Of the depthwise convolution, in pixels.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    /// <param name="estimator">Surrogate gradient of the sign before the pointwise convolution; null leaves the sign out.</param>
    /// <param name="pointwise"><c>[D, C, 1, 1]</c>.</param>
    /// <param name="state">Weight, bias and statistics of the normalisation; null for the statistics of the batch alone.</param>
    /// <exception cref="ShapeException">A weight or the slope does not fit.</exception>
    public static Tensor Of(Tensor operand, Tensor depthwise, int stride, int dilation, Tensor slope, SignEstimator? estimator, Tensor pointwise, NormalizationState? state = null)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(depthwise);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        var channels = operand.size(1);
        ShapeException.ThrowIfNot(depthwise, "depthwise weight", channels, 1, -1, depthwise.size(-1));
        ShapeException.ThrowIfNot(slope, "PReLU slope", channels);
        ShapeException.ThrowIfNot(pointwise, "pointwise weight", -1, channels, 1, 1);
        state ??= NormalizationState.OfBatch;
        Normalization.Check(operand, state);
        var square = depthwise.size(2) % 2 == 1 && depthwise.size(2) == depthwise.size(3);
        if (!GradientOrder.IsSecond && square && Dense.IsChannelsLast(operand) && IsPlain(depthwise) && IsPlain(slope) && IsPlain(pointwise) && IsPlain(state.Weight) && IsPlain(state.Bias) && Statistics.Accepts(state))
        {
            return SeparableFunction.Apply(operand, depthwise, stride, dilation, slope, estimator, pointwise, state);
        }

        using var scope = NewDisposeScope();
        var sums = Convolution.Depthwise(operand, depthwise, stride, dilation);
        return Convolution.Pointwise(Normalization.Apply(sums, state, slope: slope, sign: estimator), pointwise, 1).MoveToOuterDisposeScope();
    }

    private static bool IsPlain(Tensor? tensor) => tensor is null || (Dense.IsFloatOnCpu(tensor) && tensor.is_contiguous());
}
