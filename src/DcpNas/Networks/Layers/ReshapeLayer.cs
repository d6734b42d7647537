using DcpNas.Binarization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Networks.Layers;

/// <summary>BN -> [sign] -> 1x1 convolution, or with stride 2 a factorised reduce -> BN -> [PReLU]: preprocessing, and strided skips without PReLU.</summary>
/// <remarks>
/// A factorised reduce (DARTS, arXiv:1806.09055) is two 1x1 convolutions of stride 2 to half of the channels each, the second shifted by a pixel;
/// the first takes an odd channel. Odd sizes are rounded up; the second convolution then reads zeros beyond the border.
/// </remarks>
internal sealed class ReshapeLayer : CellLayer
{
    private readonly BatchNormalization _norm;
    private readonly ConvolutionLayer _first;
    private readonly ConvolutionLayer? _shifted;
    private readonly BatchNormalization _outerNorm;
    private readonly Parameter? _slope;
    private readonly SignEstimator? _estimator;

    public ReshapeLayer(int inChannels, int outChannels, int stride, bool activate, Precision precision)
        : base(nameof(ReshapeLayer))
    {
        _estimator = precision.BinaryInputs ? precision.Activations : null;
        _norm = new BatchNormalization(inChannels);
        _outerNorm = new BatchNormalization(outChannels);
        register_module("norm", _norm);
        if (stride == 1)
        {
            _first = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(inChannels, outChannels), precision);
            register_module("pointwise", _first);
        }
        else
        {
            _first = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(inChannels, outChannels - (outChannels / 2), 2), precision);
            _shifted = ConvolutionLayer.Create(ConvolutionShape.OfPointwise(inChannels, outChannels / 2, 2), precision);
            register_module("even", _first);
            register_module("odd", _shifted);
        }

        register_module("outer_norm", _outerNorm);
        if (activate)
        {
            _slope = NewSlope(outChannels);
            register_parameter("slope", _slope);
        }
    }

    public override IEnumerable<ConvolutionLayer> Convolutions => _shifted is null ? [_first] : [_first, _shifted];

    public override Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        var operand = _norm.Operand(input, _estimator);
        var sums = _first.Apply(operand);
        if (_shifted is not null)
        {
            sums = cat([sums, Fit(_shifted.Apply(Shift(operand)), sums)], 1);
        }

        return (_slope is null ? _outerNorm.Apply(sums) : _outerNorm.AddPRelu(sums, null, _slope)).MoveToOuterDisposeScope();
    }

    /// <summary>Without the first row and column: an even view of the odd pixels, dense in channels-last memory, which the fast operators want.</summary>
    private static Tensor Shift(Tensor operand) =>
        operand.permute(0, 2, 3, 1).narrow(1, 1, operand.shape[2] - 1).narrow(2, 1, operand.shape[3] - 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>Zeros below and to the right where an odd size was rounded up.</summary>
    private static Tensor Fit(Tensor sums, Tensor like)
    {
        var (rows, columns) = (like.shape[2] - sums.shape[2], like.shape[3] - sums.shape[3]);
        return rows + columns == 0 ? sums : nn.functional.pad(sums, [0, columns, 0, rows]);
    }
}
