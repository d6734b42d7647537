using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Layers;
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
    private readonly ReshapeLayer[] _laterals;
    private readonly ReActUnit[] _extras;
    private readonly ReActUnit[][] _units;

    public FeaturePyramid(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages)
        : base(nameof(FeaturePyramid))
    {
        Maps = HeadLayers.MapsOf(design, network, stages);
        var precision = network.Precision;
        _laterals = [.. stages.TakeLast(design.FeatureLevels).Select(stage => new ReshapeLayer(stage.Channels, design.NeckChannels, 1, activate: true, precision))];
        _extras = [.. Enumerable.Range(design.FeatureLevels, design.ExtraLevels).Select(level => new ReActUnit(HeadLayers.Unit(Maps[level - 1], 2, network), precision))];
        _units = [.. Maps.Select(map => Enumerable.Range(0, design.HeadConvs).Select(_ => new ReActUnit(HeadLayers.Unit(map, 1, network), precision)).ToArray())];
        register_module("laterals", ModuleGroup.Of("laterals", _laterals));
        register_module("extras", ModuleGroup.Of("extras", _extras));
        register_module("units", ModuleGroup.Of("units", _units.Select(level => ModuleGroup.Of("level", level))));
        Convolutions = [.. _laterals.SelectMany(lateral => lateral.Convolutions), .. _extras.Select(unit => unit.Convolution), .. _units.SelectMany(level => level).Select(unit => unit.Convolution)];
    }

    /// <summary>The levels, finest first.</summary>
    public IReadOnlyList<FeatureMap> Maps { get; }

    /// <summary>Every convolution, in the order in which they run.</summary>
    public IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    /// <summary>What the layers cost.</summary>
    public static IEnumerable<CostLayer> Cost(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages)
    {
        var maps = HeadLayers.MapsOf(design, network, stages);
        for (var level = 0; level < maps.Count; level++)
        {
            yield return level < design.FeatureLevels
                ? HeadLayers.Lateral($"head.pyramid.laterals.{level}", maps[level], stages[stages.Count - design.FeatureLevels + level], network)
                : HeadLayers.Unit(maps[level - 1], 2, network).Count($"head.pyramid.extras.{level - design.FeatureLevels}", CostGroup.Full);
            if (level < design.FeatureLevels - 1)
            {
                yield return CostLayer.NodeSum($"head.pyramid.sums.{level}", maps[level]);
            }

            for (var unit = 0; unit < design.HeadConvs; unit++)
            {
                yield return HeadLayers.Unit(maps[level], 1, network).Count($"head.pyramid.units.{level}.{unit}", CostGroup.Full);
            }
        }
    }

    /// <summary>The levels of a batch.</summary>
    /// <param name="stages">All maps of the backbone.</param>
    public IReadOnlyList<Tensor> Apply(IReadOnlyList<Tensor> stages)
    {
        using var scope = NewDisposeScope();
        var levels = _laterals.Zip(stages.TakeLast(_laterals.Length), (lateral, stage) => lateral.Apply(stage)).ToList();
        for (var level = levels.Count - 2; level >= 0; level--)
        {
            var size = levels[level].shape[2..];
            levels[level] = levels[level] + functional.interpolate(levels[level + 1], size, mode: InterpolationMode.Nearest);
        }

        levels.AddRange(Extras(levels[^1]));
        return [.. levels.Select((level, index) => _units[index].Aggregate(level, (value, unit) => unit.Apply(value)).MoveToOuterDisposeScope())];
    }

    private IEnumerable<Tensor> Extras(Tensor coarsest)
    {
        foreach (var unit in _extras)
        {
            yield return coarsest = unit.Apply(coarsest);
        }
    }
}
