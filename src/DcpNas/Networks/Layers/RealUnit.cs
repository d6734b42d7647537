using DcpNas.Binarization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>A real-valued convolution without bias, then batch normalisation: stems and the shortcuts of hand-made networks.</summary>
internal sealed class RealUnit : Module
{
    private readonly ConvolutionLayer _convolution;
    private readonly BatchNormalization _norm;

    public RealUnit(ConvolutionShape shape)
        : base(nameof(RealUnit))
    {
        _convolution = new RealConvolution(shape);
        _norm = new BatchNormalization(shape.OutChannels);
        register_module("convolution", _convolution);
        register_module("norm", _norm);
    }

    public Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _norm.Apply(_convolution.Apply(input)).MoveToOuterDisposeScope();
    }
}
