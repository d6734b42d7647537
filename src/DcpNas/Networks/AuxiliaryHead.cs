using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Graph;
using DcpNas.Networks.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks;

/// <summary>The auxiliary classifier of DARTS (arXiv:1806.09055), real-valued: exists in training alone.</summary>
/// <remarks>
/// ReLU -> 5x5 mean, stride 3 (CIFAR) or 2 (ImageNet) -> 1x1 convolution to 128 -> BN -> ReLU -> 2x2 convolution to 768 -> BN (CIFAR alone, as
/// DARTS has it) -> ReLU -> linear. Maps larger than the 8x8 (CIFAR) and 7x7 (ImageNet) of DARTS leave more than one pixel: their mean is taken.
/// </remarks>
public sealed class AuxiliaryHead : Module
{
    private const int Inner = 128;
    private const int Outer = 768;
    private const int Window = 5;

    private readonly NetworkProgram _first;
    private readonly Parameter _second;
    private readonly BatchNormalization? _secondNorm;
    private readonly Linear _classifier;
    private readonly int _channels;
    private readonly int _stride;

    /// <summary>Creates the head with fresh weights.</summary>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="stem">Whether the form for small or for large images is built.</param>
    /// <param name="classes">Outputs.</param>
    public AuxiliaryHead(int channels, StemKind stem, int classes)
        : base(nameof(AuxiliaryHead))
    {
        (_channels, _stride) = (channels, stem != StemKind.ImageNet ? 3 : 2);
        var reader = new ModuleReader();
        var first = NetworkUnits.Real(reader, "first", reader.Input(channels), ConvolutionShape.OfPointwise(channels, Inner), CostGroup.Head);
        _first = reader.Build(this, [first]);
        _second = new Parameter(empty(Outer, Inner, 2, 2));
        init.kaiming_uniform_(_second, Math.Sqrt(5));
        _classifier = nn.Linear(Outer, classes);
        register_parameter("second", _second);
        if (stem != StemKind.ImageNet)
        {
            _secondNorm = new BatchNormalization(Outer);
            register_module("second_norm", _secondNorm);
        }

        register_module("classifier", _classifier);
    }

    /// <summary>Side of the smallest map that the head can read: two windows.</summary>
    public int SmallestMap => Window + _stride;

    /// <summary>The logits, <c>[N, classes]</c>.</summary>
    /// <param name="map"><see cref="BackboneOutput.Auxiliary"/>.</param>
    /// <exception cref="ShapeException">The map has other channels.</exception>
    /// <exception cref="ArgumentException">The map is smaller than <see cref="SmallestMap"/>.</exception>
    public Tensor Apply(Tensor map)
    {
        ShapeException.ThrowIfNot(map, "auxiliary map", -1, _channels, -1, -1);
        if (map.shape[2] < SmallestMap || map.shape[3] < SmallestMap)
        {
            throw new ArgumentException($"auxiliary map must be at least {SmallestMap}x{SmallestMap}, got {map.shape[2]}x{map.shape[3]}.", nameof(map));
        }

        using var scope = NewDisposeScope();
        var pooled = nn.functional.avg_pool2d(nn.functional.relu(map), Window, _stride, count_include_pad: false);
        var inner = nn.functional.relu(_first.Run([pooled])[0]);
        var outer = nn.functional.conv2d(inner, _second);
        outer = nn.functional.relu(_secondNorm is null ? outer : _secondNorm.Apply(outer));
        return _classifier.call(outer.mean([2, 3])).MoveToOuterDisposeScope();
    }
}
