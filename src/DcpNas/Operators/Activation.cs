using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Elementwise activations with a slope per channel.</summary>
public static class Activation
{
    /// <summary><c>y = x</c> where <c>x &gt;= 0</c>, else <c>slope[c] x</c>.</summary>
    /// <remarks>
    /// Backward: <c>dx = g</c> where <c>x &gt; 0</c>, else <c>slope[c] g</c>; <c>dslope[c]</c> is the sum of <c>g min(x, 0)</c>. At 0 the derivative is the
    /// slope, as in libtorch. float32 channels-last tensors on the CPU take kernels of our own; they agree with libtorch to the rounding of the sum.
    /// </remarks>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    /// <exception cref="ShapeException">The slope has not one value per channel.</exception>
    public static Tensor PRelu(Tensor input, Tensor slope)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeException.ThrowIfNot(slope, "PReLU slope", input.size(1));
        return GradientOrder.IsSecond || !Dense.IsChannelsLast(input) || !Dense.IsFloatOnCpu(slope)
            ? nn.functional.prelu(input, slope)
            : PReluFunction.Apply(input, slope);
    }

    /// <summary>The directional derivative of <see cref="PRelu"/> by its input alone: <c>t</c> where <c>x &gt; 0</c>, else <c>slope[c] t</c>. Not recorded.</summary>
    /// <param name="input">The point, <c>[N, C, H, W]</c>.</param>
    /// <param name="tangent">The direction, of the same shape.</param>
    /// <param name="slope"><c>[C]</c>, held constant.</param>
    public static unsafe Tensor PReluTangent(Tensor input, Tensor tangent, Tensor slope)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tangent);
        ShapeException.ThrowIfUnlike(tangent, "PReLU tangent", input);
        ShapeException.ThrowIfNot(slope, "PReLU slope", input.size(1));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (!Dense.IsChannelsLast(input) || !Dense.IsFloatOnCpu(slope) || !Dense.IsFloatOnCpu(tangent))
        {
            var positive = input.gt(0).to(input.dtype);
            return (tangent * (positive + ((1 - positive) * slope.view(1, -1, 1, 1)))).MoveToOuterDisposeScope();
        }

        var direction = Dense.ToChannelsLast(tangent);
        var result = Dense.NewLike(input);
        var channels = (int)input.size(1);
        var weights = slope.contiguous();
        PReluKernel.Backward(Dense.Pointer(input), Dense.Pointer(weights), Dense.Pointer(direction), Dense.Pointer(result), null, input.numel() / channels, channels);
        return result.MoveToOuterDisposeScope();
    }
}
