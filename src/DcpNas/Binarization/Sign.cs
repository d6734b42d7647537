using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary>The sign function with a surrogate gradient.</summary>
/// <remarks>
/// <b>Forward.</b> <c>y = +1 if x &gt;= 0 else -1</c>; in particular <c>sign(0) = sign(-0) = +1</c>, so that one bit is enough. NaN stays NaN: a broken
/// activation shows instead of passing as a bit.
/// <b>Backward.</b> See <see cref="SignEstimator"/>. Under <see cref="GradientOrder.UseSecond"/> the surrogate is differentiated once more: BiReal has the second
/// derivative -2 sign(x) inside (-1, 1), straight-through 0.
/// </remarks>
public static class Sign
{
    /// <summary>Exactly +1 or -1 for every value but NaN, any shape.</summary>
    public static Tensor Of(Tensor value, SignEstimator estimator)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Compute(value, estimator);
    }

    /// <summary>Exactly +1 or -1 for every value but NaN, without a gradient.</summary>
    public static Tensor Hard(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (SignFunction.Accepts(value))
        {
            return SignFunction.Apply(value, SignEstimator.StraightThrough).MoveToOuterDisposeScope();
        }

        var constant = value.detach();
        return constant.ge(0).to(value.dtype).mul_(2).sub_(1).masked_fill_(constant.isnan(), double.NaN).MoveToOuterDisposeScope();
    }

    /// <summary>The surrogate derivative at each value, held constant.</summary>
    public static Tensor Derivative(Tensor value, SignEstimator estimator)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (SignFunction.Accepts(value))
        {
            return SignFunction.Slope(value, estimator).MoveToOuterDisposeScope();
        }

        var magnitude = value.detach().abs();
        return (estimator == SignEstimator.BiReal ? magnitude.mul_(-2).add_(2).clamp_min_(0) : magnitude.le(1).to(value.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>The 1-bit weight <c>beta[d] sign(w)</c>, DCP-NAS (4.22).</summary>
    /// <remarks>
    /// Backward: to the latent weight straight through where <c>|w| &lt;= 1</c>, scaled by beta (4.35); to beta exactly: <c>sum over a filter of g sign(w)</c>.
    /// </remarks>
    /// <param name="latent"><c>[D, ...]</c>.</param>
    /// <param name="beta">D values, of any shape.</param>
    /// <exception cref="ArgumentException">Beta has not one value per filter.</exception>
    public static Tensor Weight(Tensor latent, Tensor beta)
    {
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(beta);
        if (beta.numel() != latent.size(0))
        {
            throw new ArgumentException($"beta must hold one value for each of the {latent.size(0)} filters, got {beta.numel()}.", nameof(beta));
        }

        if (!GradientOrder.IsSecond && SignWeightFunction.Accepts(latent, beta))
        {
            return SignWeightFunction.Apply(latent, beta);
        }

        using var scope = NewDisposeScope();
        var shape = Enumerable.Repeat(1L, (int)latent.dim()).ToArray();
        shape[0] = -1;
        return (Compute(latent, SignEstimator.StraightThrough) * beta.view(shape)).MoveToOuterDisposeScope();
    }

    private static Tensor Compute(Tensor value, SignEstimator estimator) =>
        !GradientOrder.IsSecond && SignFunction.Accepts(value) ? SignFunction.Apply(value, estimator) : OfDifferentiable(value, estimator);

    /// <summary>hard + (q - q), with q the antiderivative of the surrogate: the values of sign, every derivative of q.</summary>
    private static Tensor OfDifferentiable(Tensor value, SignEstimator estimator)
    {
        using var scope = NewDisposeScope();
        var hard = Hard(value);
        var clipped = value.clamp(-1, 1);
        var antiderivative = estimator == SignEstimator.BiReal ? clipped * (2 - clipped.abs()) : clipped;
        return (hard + (antiderivative - antiderivative.detach())).MoveToOuterDisposeScope();
    }
}
