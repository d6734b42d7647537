using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary>The sign function with a surrogate gradient.</summary>
/// <remarks>
/// <b>Forward.</b> <c>y = +1 if x &gt;= 0 else -1</c>; in particular <c>sign(0) = +1</c>, so that one bit is enough.
/// <b>Backward.</b> See <see cref="SignEstimator"/>.
/// </remarks>
public static class Sign
{
    /// <summary>Exactly +1 or -1 for every value, any shape.</summary>
    public static Tensor Of(Tensor value, SignEstimator estimator)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var hard = value.detach().ge(0).to(value.dtype).mul_(2).sub_(1);
        using var __ = enable_grad();
        var slope = Derivative(value.detach(), estimator);
        var shifted = value - value.detach();
        return (hard + (shifted * slope)).MoveToOuterDisposeScope();
    }

    /// <summary>Exactly +1 or -1 for every value, without a gradient.</summary>
    public static Tensor Hard(Tensor value)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return value.detach().ge(0).to(value.dtype).mul_(2).sub_(1).MoveToOuterDisposeScope();
    }

    /// <summary>The surrogate derivative at each value, held constant.</summary>
    public static Tensor Derivative(Tensor value, SignEstimator estimator)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var magnitude = value.detach().abs();
        return (estimator == SignEstimator.BiReal ? magnitude.mul_(-2).add_(2).clamp_min_(0) : magnitude.le(1).to(value.dtype)).MoveToOuterDisposeScope();
    }
}
