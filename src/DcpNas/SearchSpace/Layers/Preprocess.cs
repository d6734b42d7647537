using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace DcpNas.SearchSpace.Layers;

/// <summary>Brings the output of an earlier cell to the channels and the resolution of this one: BN -> sign -> 1x1 convolution -> BN -> PReLU.</summary>
/// <remarks>Where the cell before was a reduction, the output of the one before that is twice too large: a factorised reduce takes the place of the convolution.</remarks>
public sealed class Preprocess : Module
{
    private readonly ConvolutionLayer? _pointwise;
    private readonly FactorizedReduce? _reduce;
    private readonly Parameter _slope;
    private readonly bool _binaryInputs;

    /// <summary>Creates the layer.</summary>
    public Preprocess(int inChannels, int outChannels, bool halve, Precision precision)
        : base(nameof(Preprocess))
    {
        _binaryInputs = precision.BinaryInputs;
        _slope = SeparableBlock.Slope(outChannels);
        register_parameter("slope", _slope);
        if (halve)
        {
            _reduce = new FactorizedReduce(inChannels, outChannels, precision);
            register_module("reduce", _reduce);
        }
        else
        {
            _pointwise = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(inChannels, outChannels), precision);
            register_module("pointwise", _pointwise);
        }
    }

    /// <summary>The convolutions, one or two.</summary>
    public IReadOnlyList<ConvolutionLayer> Convolutions => _reduce?.Convolutions ?? [_pointwise!];

    /// <summary>Applies the layer.</summary>
    public T Apply<T>(INetworkAlgebra<T> math, T input)
        where T : class => math.Scope(() =>
        {
            var operand = math.Normalize(input, _binaryInputs);
            var sums = _reduce is null ? math.Convolve(operand, _pointwise!) : _reduce.Convolve(math, operand);
            return math.NormalizeAddPRelu(sums, null, _slope);
        });
}
