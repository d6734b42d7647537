using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The convolutions of the search space. Zero padding: a tap outside the image contributes nothing.</summary>
/// <remarks>
/// float32 channels-last tensors on the CPU take kernels of our own, differentiable once; all else, and everything under
/// <see cref="GradientOrder.UseSecond"/>, takes libtorch's. The two agree to rounding.
/// </remarks>
public static class Convolution
{
    /// <summary>Depthwise convolution with padding <c>dilation (k - 1) / 2</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[C, 1, k, k]</c>, k odd.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    /// <param name="dilation">Distance of the taps in pixels, at least 1.</param>
    /// <exception cref="ShapeException">The weight has not one filter per channel.</exception>
    public static Tensor Depthwise(Tensor input, Tensor weight, int stride, int dilation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        ShapeException.ThrowIfNot(weight, "depthwise weight", input.size(1), 1, -1, weight.size(-1));
        if (!GradientOrder.IsSecond && weight.size(2) % 2 == 1 && weight.size(2) == weight.size(3) && Dense.IsChannelsLast(input) && Dense.IsFloatOnCpu(weight))
        {
            return DepthwiseFunction.Apply(input, weight, stride, dilation);
        }

        var padding = dilation * (weight.size(2) - 1) / 2;
        return nn.functional.conv2d(
            input, weight, strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation], groups: input.size(1));
    }

    /// <summary>1x1 convolution.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[D, C, 1, 1]</c>.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    /// <exception cref="ShapeException">The weight has not as many columns as the input channels.</exception>
    public static Tensor Pointwise(Tensor input, Tensor weight, int stride)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ShapeException.ThrowIfNot(weight, "pointwise weight", -1, input.size(1), 1, 1);
        return !GradientOrder.IsSecond && Dense.IsChannelsLast(input) && Dense.IsFloatOnCpu(weight)
            ? PointwiseFunction.Apply(input, weight, stride)
            : nn.functional.conv2d(input, weight, strides: [stride, stride]);
    }

    /// <summary>Dense convolution with padding <c>(k - 1) / 2</c>, by libtorch.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[D, C, k, k]</c>, k odd.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    /// <exception cref="ShapeException">The weight has not as many columns as the input channels.</exception>
    public static Tensor Full(Tensor input, Tensor weight, int stride)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ShapeException.ThrowIfNot(weight, "convolution weight", -1, input.size(1), -1, weight.size(-1));
        return Libtorch(input, weight, stride, (weight.size(2) - 1) / 2);
    }

    /// <summary>On the CPU always channels-last: for planes of channels that are no multiple of 16, oneDNN reads memory that it has not written, and what is NaN there is NaN in the result.</summary>
    private static Tensor Libtorch(Tensor input, Tensor weight, int stride, long padding)
    {
        if (!Dense.IsFloatOnCpu(input))
        {
            return nn.functional.conv2d(input, weight, strides: [stride, stride], padding: [padding, padding]);
        }

        using var scope = NewDisposeScope();
        var result = nn.functional.conv2d(Dense.ToChannelsLast(input), weight, strides: [stride, stride], padding: [padding, padding]);
        return Dense.ToChannelsLast(result).MoveToOuterDisposeScope(); // of a single channel both orders are one, and libtorch takes the other
    }
}
