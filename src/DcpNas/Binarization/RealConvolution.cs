using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary>A convolution with real weights, as the Parent has them.</summary>
public sealed class RealConvolution(ConvolutionShape shape) : ConvolutionLayer(nameof(RealConvolution), shape)
{
    /// <inheritdoc/>
    public override Tensor EffectiveWeight() => Weight.alias();

    /// <inheritdoc/>
    public override Tensor? ReconstructionError() => null;
}
