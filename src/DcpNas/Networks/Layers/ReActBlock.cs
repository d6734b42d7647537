using DcpNas.Binarization;
using DcpNas.Cost;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>A block of ReActNet, arXiv:2003.03488: a 3x3 unit, then a 1x1 unit.</summary>
internal sealed class ReActBlock : Module
{
    private readonly ReActUnit _spatial;
    private readonly ReActUnit _pointwise;

    public ReActBlock(ConvolutionUnit spatial, ConvolutionUnit pointwise, Precision precision)
        : base(nameof(ReActBlock))
    {
        (_spatial, _pointwise) = (new ReActUnit(spatial, precision), new ReActUnit(pointwise, precision));
        register_module("spatial", _spatial);
        register_module("pointwise", _pointwise);
    }

    public IEnumerable<ConvolutionLayer> Convolutions => [_spatial.Convolution, _pointwise.Convolution];

    public Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _pointwise.Apply(_spatial.Apply(input)).MoveToOuterDisposeScope();
    }
}
