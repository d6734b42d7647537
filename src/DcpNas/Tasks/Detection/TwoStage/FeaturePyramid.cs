using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>A feature pyramid (FPN, arXiv:1612.03144), as 1-bit as its backbone.</summary>
/// <remarks>
/// Per stage a 1x1 unit to the channels of the neck (BN -> sign -> 1x1 -> BN -> PReLU); from the coarsest down, each map is added to the next finer one, every pixel repeated;
/// further levels are 3x3 units of stride 2 on the level before; at last 3x3 units of each level (sign -> 3x3 -> BN -> + input -> PReLU, as in ReActNet), where FPN has one real 3x3.
/// </remarks>
internal sealed class FeaturePyramid : Module
{
    private readonly NetworkProgram _program;

    public FeaturePyramid(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages)
        : base(nameof(FeaturePyramid))
    {
        Maps = HeadLayers.MapsOf(design, network, stages);
        var reader = new ModuleReader();
        _program = reader.Build(this, Read(reader, design, network, stages, [.. stages.Select(stage => reader.Input(stage.Channels, stage.Stride))]));
        Convolutions = reader.Convolutions;
    }

    /// <summary>The levels, finest first.</summary>
    public IReadOnlyList<FeatureMap> Maps { get; }

    /// <summary>Every convolution, in the order in which they run.</summary>
    public IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    /// <summary>Says every layer to a reader.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="design">Sizes.</param>
    /// <param name="network">The backbone.</param>
    /// <param name="stages">Its stages.</param>
    /// <param name="maps">Their maps.</param>
    /// <param name="prefix">What stands before the names of layers.</param>
    /// <returns>The levels, finest first.</returns>
    public static IReadOnlyList<T> Read<T>(
        INetworkReader<T> reader,
        DetectorDesign design,
        NetworkDescription network,
        IReadOnlyList<FeatureStage> stages,
        IReadOnlyList<T> maps,
        string prefix = "")
        where T : class
    {
        var (first, neck, precision) = (stages.Count - design.FeatureLevels, design.NeckChannels, network.Precision);
        var levels = Enumerable.Range(0, design.FeatureLevels).Select(level => HeadLayers.Lateral(
            reader, $"{prefix}laterals.{level}", maps[first + level], stages[first + level].Channels, neck, precision)).ToList();
        for (var level = levels.Count - 2; level >= 0; level--)
        {
            levels[level] = reader.AddEnlarged($"{prefix}sums.{level}", levels[level], levels[level + 1]);
        }

        for (var extra = 0; extra < design.ExtraLevels; extra++)
        {
            levels.Add(HeadLayers.Unit(reader, $"{prefix}extras.{extra}", levels[^1], neck, 2, precision));
        }

        return [.. levels.Select((level, index) => Enumerable.Range(0, design.HeadConvs).Aggregate(
            level, (value, unit) => HeadLayers.Unit(reader, $"{prefix}units.{index}.{unit}", value, neck, 1, precision)))];
    }

    /// <summary>The levels of a batch.</summary>
    /// <param name="stages">All maps of the backbone.</param>
    public IReadOnlyList<Tensor> Apply(IReadOnlyList<Tensor> stages) => _program.Run(stages);
}
