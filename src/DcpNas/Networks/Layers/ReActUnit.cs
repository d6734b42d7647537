using DcpNas.Binarization;
using DcpNas.Cost;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>RSign -> convolution -> BN -> + shortcut -> RPReLU: half of a block of ReActNet, arXiv:2003.03488.</summary>
/// <remarks>
/// RSign (its equation 2) is <c>sign(x + shift_c)</c>; RPReLU (its equation 3) is <c>PReLU(x + before_c) + after_c</c>. Shifts start at 0. The signs of
/// shifts are those of the authors' release: the paper subtracts. Where a 1x1 convolution doubles the channels, the shortcut is the input twice: the same network as
/// the paper's two convolutions side by side.
/// </remarks>
internal sealed class ReActUnit : Module
{
    private readonly Parameter _shift;
    private readonly BatchNormalization _norm;
    private readonly Parameter _before;
    private readonly Parameter _slope;
    private readonly Parameter _after;
    private readonly SignEstimator? _estimator;

    public ReActUnit(ConvolutionUnit unit, Precision precision)
        : base(nameof(ReActUnit))
    {
        _estimator = precision.BinaryInputs ? precision.Activations : null;
        _shift = new Parameter(zeros(unit.Input.Channels));
        Convolution = ConvolutionLayer.Create(ConvolutionShape.OfFull(unit.Input.Channels, unit.OutputChannels, unit.Kernel, unit.Stride), precision);
        _norm = new BatchNormalization(unit.OutputChannels);
        _before = new Parameter(zeros(unit.OutputChannels));
        _slope = CellLayer.NewSlope(unit.OutputChannels);
        _after = new Parameter(zeros(unit.OutputChannels));
        register_parameter("shift", _shift);
        register_module("convolution", Convolution);
        register_module("norm", _norm);
        register_parameter("before", _before);
        register_parameter("slope", _slope);
        register_parameter("after", _after);
    }

    public ConvolutionLayer Convolution { get; }

    public Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shifted = input + _shift.view(1, -1, 1, 1);
        var operand = _estimator is { } surrogate ? Sign.Of(shifted, surrogate) : shifted;
        var shortcut = Convolution.Shape.Stride == 2 ? BiRealUnit.Halve(input) : input;
        shortcut = Convolution.Shape.OutChannels == Convolution.Shape.InChannels ? shortcut : cat([shortcut, shortcut], 1);
        return (_norm.AddShiftedPRelu(Convolution.Apply(operand), shortcut, _before, _slope) + _after.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }
}
