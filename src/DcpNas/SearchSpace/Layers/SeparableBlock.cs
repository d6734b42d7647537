using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.SearchSpace.Layers;

/// <summary>BN -> sign -> depthwise k x k -> BN -> PReLU -> sign -> pointwise -> BN -> + input where stride is 1 -> PReLU.</summary>
/// <remarks>
/// The first BN and sign are those of the <see cref="CellInput{T}"/>, shared by all blocks that read it. The schemes leave out one sign
/// (<see cref="BinarizationScheme.Release"/>) or both (<see cref="BinarizationScheme.None"/>). Block of the authors' released network, DCP-NAS.
/// </remarks>
public sealed class SeparableBlock : Module
{
    private readonly ConvolutionLayer _depthwise;
    private readonly ConvolutionLayer _pointwise;
    private readonly Parameter _innerSlope;
    private readonly Parameter _outerSlope;
    private readonly bool _binaryPointwise;
    private readonly bool _residual;

    /// <summary>Creates a block that keeps the channel count.</summary>
    public SeparableBlock(int channels, int kernel, int stride, int dilation, Precision precision)
        : base(nameof(SeparableBlock))
    {
        _depthwise = ConvolutionLayer.Create(ConvolutionShape.OfDepthwise(channels, kernel, stride, dilation), precision);
        _pointwise = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(channels, channels), precision);
        _innerSlope = Slope(channels);
        _outerSlope = Slope(channels);
        _binaryPointwise = precision.BinaryPointwise;
        _residual = stride == 1;
        register_module("depthwise", _depthwise);
        register_module("pointwise", _pointwise);
        register_parameter("inner_slope", _innerSlope);
        register_parameter("outer_slope", _outerSlope);
    }

    /// <summary>The depthwise and the pointwise convolution.</summary>
    public IReadOnlyList<ConvolutionLayer> Convolutions => [_depthwise, _pointwise];

    /// <summary>Applies the block.</summary>
    public T Apply<T>(INetworkAlgebra<T> math, CellInput<T> input)
        where T : class => math.Scope(() =>
        {
            var sums = math.SeparableCore(input.Operand, _depthwise, _innerSlope, _binaryPointwise, _pointwise);
            return math.NormalizeAddPRelu(sums, _residual ? input.Raw : null, _outerSlope);
        });

    /// <summary>The slopes of a PReLU, 0.25 each.</summary>
    internal static Parameter Slope(int channels) => new(full(channels, 0.25, dtype: get_default_dtype()));
}
