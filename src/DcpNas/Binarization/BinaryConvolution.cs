using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary>A convolution with 1-bit weights and a positive scale per output channel.</summary>
/// <remarks>
/// <b>Forward.</b> Weight <c>beta o sign(w)</c>, <c>sign(0) = +1</c>: DCP-NAS (4.22) with beta folded into the ±1 weights, which is the same number
/// per output and costs nothing per pixel. <c>beta = softplus(rho)</c>, or the mean of |w| (<see cref="ScaleKind.MeanAbs"/>, held constant).
/// <b>Backward.</b> <c>d sign(w)/dw = 1</c> where <c>|w| &lt;= 1</c>, else 0: DCP-NAS (4.35). The gradient of beta is exact.
/// </remarks>
public sealed class BinaryConvolution : ConvolutionLayer
{
    private readonly Parameter? _rho;

    /// <summary>Creates the layer; beta starts at the mean of |w| per output channel.</summary>
    public BinaryConvolution(ConvolutionShape shape, ScaleKind scale)
        : base(nameof(BinaryConvolution), shape)
    {
        if (scale == ScaleKind.Learnable)
        {
            _rho = new Parameter(InverseSoftplusOfMean(Weight));
            register_parameter("rho", _rho);
        }
    }

    /// <summary>The scale per output channel, <c>[OutChannels, 1, 1, 1]</c>, above 0.</summary>
    public Tensor Beta() => _rho is null ? MeanAbs(Weight) : nn.functional.softplus(_rho);

    /// <inheritdoc/>
    public override Tensor EffectiveWeight()
    {
        using var scope = NewDisposeScope();
        return Sign.Weight(Weight, Beta()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor ReconstructionError()
    {
        using var scope = NewDisposeScope();
        var sign = Sign.Hard(Weight);
        return (Weight - (Beta() * sign)).square().sum().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void OnWeightsInherited()
    {
        if (_rho is not null)
        {
            using var _ = no_grad();
            using var fresh = InverseSoftplusOfMean(Weight);
            _rho.copy_(fresh);
        }
    }

    private static Tensor MeanAbs(Tensor weight)
    {
        using var _ = no_grad();
        return weight.detach().abs().mean([1, 2, 3], keepdim: true);
    }

    /// <summary>rho with softplus(rho) = mean |w|: <c>log(exp(m) - 1) = m + log(1 - exp(-m))</c>, the second form does not overflow.</summary>
    private static Tensor InverseSoftplusOfMean(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var mean = MeanAbs(weight).clamp_min_(1e-8);
        return (mean + (-(-mean).exp_()).log1p_()).MoveToOuterDisposeScope();
    }
}
