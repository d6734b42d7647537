using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Layers;
using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Networks;

/// <summary>Bi-Real-Net-18, arXiv:1808.00278: a ResNet-18 whose every 3x3 convolution of the body is 1-bit and has its own shortcut.</summary>
/// <remarks>
/// Stem: 3x3 (CIFAR; half: of stride 2) or 7x7 of stride 2 (ImageNet) to C channels, BN, and for ImageNet a 3x3 maximum of stride 2; real. Body: 16 units in four
/// stages of C, 2C, 4C, 8C channels, the first unit of stages 2 to 4 strided. Unit: sign -> 3x3 -> BN -> + shortcut; where the unit is strided, the
/// shortcut is a 2x2 mean -> real 1x1 convolution -> BN.
/// The real-valued counterpart has, in place of the sign, the clip to [-1, 1] with which the paper trains its real network; without one it would be linear.
/// </remarks>
internal sealed class BiRealNet : Backbone
{
    private readonly RealUnit _stem;
    private readonly BiRealUnit[] _units;

    public BiRealNet(NetworkDescription description)
        : base(nameof(BiRealNet), description)
    {
        var plan = Plan(description);
        var stem = StemUnit(description);
        _stem = new RealUnit(ConvolutionShape.OfFull(stem.Input.Channels, stem.OutputChannels, stem.Kernel, stem.Stride));
        _units = [.. plan.Select(unit => new BiRealUnit(unit, description.Precision))];
        register_module("stem", _stem);
        register_module("units", ModuleGroup.Of("units", _units));
        Convolutions = [.. _units.Select(unit => unit.Convolution)];
        var first = stem.Stride * (description.Stem == StemKind.ImageNet ? 2 : 1);
        Stages = [.. Enumerable.Range(0, 4).Select(stage => new FeatureStage(description.Channels << stage, first << stage))];
    }

    public override IReadOnlyList<FeatureStage> Stages { get; }

    public override IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    public override BackboneOutput Run(Tensor images)
    {
        CheckImages(images);
        using var scope = NewDisposeScope();
        var value = _stem.Apply(ForFastOperators(images));
        value = Description.Stem == StemKind.ImageNet ? Pooling.Max3x3(value, 2) : value;
        var stages = new List<Tensor>();
        for (var unit = 0; unit < _units.Length; unit++)
        {
            value = _units[unit].Apply(value);
            if (unit % UnitsPerStage == UnitsPerStage - 1)
            {
                stages.Add(value);
            }
        }

        return new([.. stages.Select(stage => stage.MoveToOuterDisposeScope())], null);
    }

    internal const int UnitsPerStage = 4;

    /// <summary>The convolution of the stem.</summary>
    internal static ConvolutionUnit StemUnit(NetworkDescription description)
    {
        var image = new FeatureMap(description.ImageChannels, description.ImageHeight, description.ImageWidth);
        return description.Stem == StemKind.ImageNet
            ? new ConvolutionUnit { Input = image, OutputChannels = description.Channels, Kernel = 7, Stride = 2 }
            : new ConvolutionUnit { Input = image, OutputChannels = description.Channels, Kernel = 3, Stride = description.Stem == StemKind.Half ? 2 : 1 };
    }

    /// <summary>The convolutions of the body, first to last.</summary>
    internal static IReadOnlyList<ConvolutionUnit> Plan(NetworkDescription description)
    {
        var input = StemUnit(description).Output;
        input = description.Stem == StemKind.ImageNet ? input.After(input.Channels, 2) : input;
        var isBinary = description.Scheme != BinarizationScheme.None;
        var plan = new List<ConvolutionUnit>();
        for (var index = 0; index < 4 * UnitsPerStage; index++)
        {
            var stage = index / UnitsPerStage;
            var unit = new ConvolutionUnit
            {
                Input = input,
                OutputChannels = description.Channels << stage,
                Kernel = 3,
                Stride = stage > 0 && index % UnitsPerStage == 0 ? 2 : 1,
                BinaryWeights = description.Precision.BinaryWeights,
                BinaryActivations = isBinary,
                ReluBefore = !isBinary,
                Shortcut = true,
            };
            plan.Add(unit);
            input = unit.Output;
        }

        return plan;
    }
}
