using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Layers;
using static TorchSharp.torch;

namespace DcpNas.Networks;

/// <summary>ReActNet-A, arXiv:2003.03488: MobileNet-v1 with 1-bit 3x3 and 1x1 convolutions, each with its own shortcut, RSign and RPReLU.</summary>
/// <remarks>
/// Stem: 3x3 to C channels, of stride 2 (ImageNet, half) or 1 (CIFAR), BN; real. Body: 13 blocks to 2C, 4C x 2, 8C x 2, 16C x 6, 32C x 2 channels;
/// a block to 4C, 8C, 16C or 32C for the first time is strided. Small images so end at 1/16 of their size, large ones at 1/32.
/// The real-valued counterpart leaves out the sign; its PReLUs remain.
/// </remarks>
internal sealed class ReActNet : Backbone
{
    private static readonly int[] Widths = [2, 4, 4, 8, 8, 16, 16, 16, 16, 16, 16, 32, 32];

    private readonly RealUnit _stem;
    private readonly ReActBlock[] _blocks;
    private readonly int[] _lastOfStage;

    public ReActNet(NetworkDescription description)
        : base(nameof(ReActNet), description)
    {
        var plan = Plan(description);
        var stem = StemUnit(description);
        _stem = new RealUnit(ConvolutionShape.OfFull(stem.Input.Channels, stem.OutputChannels, stem.Kernel, stem.Stride));
        _blocks = [.. plan.Select(block => new ReActBlock(block.Spatial, block.Pointwise, description.Precision))];
        register_module("stem", _stem);
        register_module("blocks", ModuleGroup.Of("blocks", _blocks));
        Convolutions = [.. _blocks.SelectMany(block => block.Convolutions)];
        _lastOfStage = [.. Enumerable.Range(0, plan.Count).Where(block => block == plan.Count - 1 || plan[block + 1].Spatial.Stride == 2)];
        Stages = [.. _lastOfStage.Select((last, stage) => new FeatureStage(plan[last].Pointwise.OutputChannels, stem.Stride << stage))];
    }

    public override IReadOnlyList<FeatureStage> Stages { get; }

    public override IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    public override BackboneOutput Run(Tensor images)
    {
        CheckImages(images);
        using var scope = NewDisposeScope();
        var value = _stem.Apply(ForFastOperators(images));
        var outputs = new List<Tensor>();
        foreach (var block in _blocks)
        {
            value = block.Apply(value);
            outputs.Add(value);
        }

        return new([.. _lastOfStage.Select(block => outputs[block].MoveToOuterDisposeScope())], null);
    }

    /// <summary>The convolution of the stem.</summary>
    internal static ConvolutionUnit StemUnit(NetworkDescription description) => new()
    {
        Input = new FeatureMap(description.ImageChannels, description.ImageHeight, description.ImageWidth),
        OutputChannels = description.Channels,
        Kernel = 3,
        Stride = description.Stem == StemKind.Cifar ? 1 : 2,
    };

    /// <summary>The blocks, first to last: a 3x3 convolution that keeps the channels, and a 1x1 one that keeps or doubles them.</summary>
    internal static IReadOnlyList<(ConvolutionUnit Spatial, ConvolutionUnit Pointwise)> Plan(NetworkDescription description)
    {
        var isBinary = description.Scheme != BinarizationScheme.None;
        var input = StemUnit(description).Output;
        var plan = new List<(ConvolutionUnit, ConvolutionUnit)>();
        foreach (var width in Widths)
        {
            var outputs = width * description.Channels;
            var spatial = Unit(input, input.Channels, 3, width > 2 && outputs != input.Channels ? 2 : 1);
            var pointwise = Unit(spatial.Output, outputs, 1, 1);
            plan.Add((spatial, pointwise));
            input = pointwise.Output;
        }

        return plan;

        ConvolutionUnit Unit(FeatureMap from, int outputs, int kernel, int stride) => new()
        {
            Input = from,
            OutputChannels = outputs,
            Kernel = kernel,
            Stride = stride,
            BinaryWeights = description.Precision.BinaryWeights,
            BinaryActivations = isBinary,
            ShiftBefore = true,
            Shortcut = true,
            PReluAfter = true,
            ShiftsAroundPRelu = true,
        };
    }
}
