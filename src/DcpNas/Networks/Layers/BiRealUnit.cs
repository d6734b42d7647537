using DcpNas.Binarization;
using DcpNas.Cost;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>sign -> 3x3 -> BN -> + shortcut: a unit of Bi-Real-Net, arXiv:1808.00278.</summary>
internal sealed class BiRealUnit : Module
{
    private readonly BatchNormalization _norm;
    private readonly RealUnit? _shortcut;
    private readonly SignEstimator? _estimator;

    public BiRealUnit(ConvolutionUnit unit, Precision precision)
        : base(nameof(BiRealUnit))
    {
        _estimator = precision.BinaryInputs ? precision.Activations : null;
        Convolution = ConvolutionLayer.Create(ConvolutionShape.OfFull(unit.Input.Channels, unit.OutputChannels, unit.Kernel, unit.Stride), precision);
        _norm = new BatchNormalization(unit.OutputChannels);
        register_module("convolution", Convolution);
        register_module("norm", _norm);
        if (unit.Stride == 2)
        {
            _shortcut = new RealUnit(ConvolutionShape.OfPointwise(unit.Input.Channels, unit.OutputChannels));
            register_module("shortcut", _shortcut);
        }
    }

    public ConvolutionLayer Convolution { get; }

    public Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        var operand = _estimator is { } surrogate ? Sign.Of(input, surrogate) : input.clamp(-1, 1);
        var shortcut = _shortcut is null ? input : _shortcut.Apply(Halve(input));
        return _norm.Add(Convolution.Apply(operand), shortcut).MoveToOuterDisposeScope();
    }

    /// <summary>2x2 mean of stride 2; an odd size is rounded up, the last window then being smaller.</summary>
    internal static Tensor Halve(Tensor input) => nn.functional.avg_pool2d(input, 2, 2, ceil_mode: true, count_include_pad: false);
}
