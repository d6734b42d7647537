using DcpNas.Binarization;
using DcpNas.Operators;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Networks.Layers;

/// <summary>BN -> [sign] -> depthwise k x k -> BN -> PReLU -> [sign] -> pointwise -> BN -> + input where stride is 1 -> PReLU.</summary>
/// <remarks>Block of the authors' released network, DCP-NAS; which signs there are is <see cref="BinarizationScheme"/>.</remarks>
internal sealed class SeparableBlock : CellLayer
{
    private readonly BatchNormalization _norm;
    private readonly ConvolutionLayer _depthwise;
    private readonly BatchNormalization _innerNorm;
    private readonly Parameter _innerSlope;
    private readonly ConvolutionLayer _pointwise;
    private readonly BatchNormalization _outerNorm;
    private readonly Parameter _outerSlope;
    private readonly SignEstimator? _inputEstimator;
    private readonly SignEstimator? _innerEstimator;

    public SeparableBlock(int channels, int kernel, int stride, int dilation, Precision precision)
        : base(nameof(SeparableBlock))
    {
        _inputEstimator = precision.BinaryInputs ? precision.Activations : null;
        _innerEstimator = precision.BinaryPointwise ? precision.Activations : null;
        _norm = new BatchNormalization(channels);
        _depthwise = ConvolutionLayer.Create(ConvolutionShape.OfDepthwise(channels, kernel, stride, dilation), precision);
        _innerNorm = new BatchNormalization(channels);
        _innerSlope = NewSlope(channels);
        _pointwise = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(channels, channels), precision);
        _outerNorm = new BatchNormalization(channels);
        _outerSlope = NewSlope(channels);
        register_module("norm", _norm);
        register_module("depthwise", _depthwise);
        register_module("inner_norm", _innerNorm);
        register_parameter("inner_slope", _innerSlope);
        register_module("pointwise", _pointwise);
        register_module("outer_norm", _outerNorm);
        register_parameter("outer_slope", _outerSlope);
    }

    public override IEnumerable<ConvolutionLayer> Convolutions => [_depthwise, _pointwise];

    public override Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shape = _depthwise.Shape;
        var operand = _norm.Operand(input, _inputEstimator);
        var sums = SeparableCore.Of(
            operand, _depthwise.EffectiveWeight(), shape.Stride, shape.Dilation, _innerSlope, _innerEstimator, _pointwise.EffectiveWeight(), _innerNorm.State);
        return _outerNorm.AddPRelu(sums, shape.Stride == 1 ? input : null, _outerSlope).MoveToOuterDisposeScope();
    }
}
