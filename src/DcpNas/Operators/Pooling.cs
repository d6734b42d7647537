using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The 3x3 pools of the search space, padding 1, and the 2x2 mean of hand-made networks.</summary>
/// <remarks>
/// float32 channels-last tensors on the CPU take kernels of our own, differentiable once; all else, and everything under
/// <see cref="GradientOrder.UseSecond"/>, takes libtorch's.
/// </remarks>
public static class Pooling
{
    /// <summary>Maximum over the 3x3 window; taps outside the image are left out. Of equal maxima the first one receives the gradient; NaN wins.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static Tensor Max3x3(Tensor input, int stride) =>
        IsFast(input, stride) ? MaxPoolFunction.Apply(input, stride) : nn.functional.max_pool2d(input, 3, stride, 1);

    /// <summary>Mean over the taps of the 3x3 window that lie inside the image.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static Tensor Avg3x3(Tensor input, int stride) =>
        IsFast(input, stride) ? AvgPoolFunction.Apply(input, stride) : nn.functional.avg_pool2d(input, 3, stride, 1, count_include_pad: false);

    /// <summary>2x2 mean of stride 2; an odd size is rounded up, the last window then being smaller.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    public static Tensor Halve(Tensor input) => nn.functional.avg_pool2d(input, 2, 2, ceil_mode: true, count_include_pad: false);

    /// <summary>The directional derivative of <see cref="Max3x3"/>: the tangent at the position of each maximum. Not recorded.</summary>
    /// <remarks>The mean is linear: its directional derivative is <see cref="Avg3x3"/> of the tangent.</remarks>
    /// <param name="input">The point, <c>[N, C, H, W]</c>.</param>
    /// <param name="tangent">The direction, of the same shape.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static unsafe Tensor Max3x3Tangent(Tensor input, Tensor tangent, int stride)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tangent);
        ShapeException.ThrowIfUnlike(tangent, "max pool tangent", input);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (!IsFast(input, stride) || !Dense.IsFloatOnCpu(tangent))
        {
            var (values, indices) = nn.functional.max_pool2d_with_indices(input, [3, 3], [stride, stride], [1, 1]);
            return tangent.flatten(2).gather(2, indices.flatten(2)).view(values.shape).MoveToOuterDisposeScope();
        }

        var shape = WindowShape.Of(input, stride);
        var direction = Dense.ToChannelsLast(tangent);
        var maximum = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        var taps = empty(maximum.numel(), ScalarType.Byte);
        MaxPoolKernel.Forward(Dense.Pointer(input), Dense.Pointer(maximum), Dense.Bytes(taps), shape);
        MaxPoolKernel.Gather(Dense.Pointer(direction), Dense.Bytes(taps), Dense.Pointer(maximum), shape);
        return maximum.MoveToOuterDisposeScope();
    }

    private static bool IsFast(Tensor input, int stride)
    {
        ArgumentNullException.ThrowIfNull(input);
        return stride is 1 or 2 && !GradientOrder.IsSecond && Dense.IsChannelsLast(input);
    }
}
