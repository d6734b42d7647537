using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;

namespace DcpNas.SearchSpace.Layers;

/// <summary>Halves the resolution with two 1x1 convolutions of stride 2, the second shifted by a pixel, then batch normalisation.</summary>
/// <remarks>After DARTS (arXiv:1806.09055): no pixel of an even-sized image is left out on the diagonal. Height and width must be even.</remarks>
public sealed class FactorizedReduce : EdgeOperation
{
    private readonly ConvolutionLayer _even;
    private readonly ConvolutionLayer _odd;

    /// <summary>Creates the layer; <paramref name="outChannels"/> is split into two halves, the first taking an odd one.</summary>
    public FactorizedReduce(int inChannels, int outChannels, Precision precision)
        : base(nameof(FactorizedReduce))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 2);
        _even = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(inChannels, outChannels - (outChannels / 2), 2), precision);
        _odd = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(inChannels, outChannels / 2, 2), precision);
        register_module("even", _even);
        register_module("odd", _odd);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Convolutions => [_even, _odd];

    /// <inheritdoc/>
    public override bool EndsNormalized => true;

    /// <inheritdoc/>
    public override T Apply<T>(INetworkAlgebra<T> math, CellInput<T> input) => math.Scope(() => math.Normalize(Convolve(math, input.Operand)));

    /// <summary>The two convolutions, not yet normalised.</summary>
    internal T Convolve<T>(INetworkAlgebra<T> math, T operand)
        where T : class => math.Scope(() =>
            math.Concat([math.Convolve(operand, _even), math.Convolve(math.DropFirstPixel(operand), _odd)]));
}
