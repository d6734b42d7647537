using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Layers;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>The neck and head of a one-stage detector after SSD (arXiv:1512.02325), as 1-bit as its backbone but for the last layers.</summary>
/// <remarks>
/// Per level: a 1x1 convolution from the map of the stage to the channels of the neck (BN -> sign -> 1x1 -> BN -> PReLU), or, for further levels, a 3x3 unit of stride 2 on the level before
/// (sign -> 3x3 -> BN -> + 2x2 mean -> PReLU, as in ReActNet); then 3x3 units of stride 1; then two real 1x1 convolutions with bias, for scores and for boxes.
/// Outputs: scores <c>[N, anchors, classes + 1]</c>, the background first, and codes <c>[N, anchors, 4]</c>, of all levels, finest first.
/// </remarks>
public sealed class SsdHead : TaskHead
{
    private readonly ReshapeLayer[] _laterals;
    private readonly ReActUnit[] _extras;
    private readonly ReActUnit[][] _towers;
    private readonly PredictionLayer[] _scores;
    private readonly PredictionLayer[] _codes;
    private readonly int _classes;

    /// <summary>Creates the head with fresh weights.</summary>
    /// <param name="design">Sizes and anchors.</param>
    /// <param name="network">The backbone: its size of images and precision.</param>
    /// <param name="stages">Its stages.</param>
    /// <param name="classes">Classes without the background, at least 1.</param>
    /// <exception cref="InputException">The backbone has fewer stages than the design asks for.</exception>
    public SsdHead(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes)
        : base(nameof(SsdHead))
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stages);
        (Design, _classes) = (design, classes);
        Maps = HeadLayers.MapsOf(design, network, stages);
        var (neck, precision) = (design.NeckChannels, network.Precision);
        _laterals = [.. stages.TakeLast(design.FeatureLevels).Select(stage => new ReshapeLayer(stage.Channels, neck, 1, activate: true, precision))];
        _extras = [.. Enumerable.Range(design.FeatureLevels, design.ExtraLevels).Select(level => new ReActUnit(HeadLayers.Unit(Maps[level - 1], 2, network), precision))];
        _towers = [.. Maps.Select(map => Enumerable.Range(0, design.HeadConvs).Select(_ => new ReActUnit(HeadLayers.Unit(map, 1, network), precision)).ToArray())];
        _scores = [.. design.Anchors.Select(anchors => new PredictionLayer(neck, anchors.Count * (classes + 1)))];
        _codes = [.. design.Anchors.Select(anchors => new PredictionLayer(neck, anchors.Count * 4))];
        register_module("laterals", ModuleGroup.Of("laterals", _laterals));
        register_module("extras", ModuleGroup.Of("extras", _extras));
        register_module("towers", ModuleGroup.Of("towers", _towers.Select(tower => ModuleGroup.Of("tower", tower))));
        register_module("scores", ModuleGroup.Of("scores", _scores));
        register_module("codes", ModuleGroup.Of("codes", _codes));
        Convolutions =
        [
            .. Enumerable.Range(0, design.Levels).SelectMany(level => (ConvolutionLayer[])
            [
                .. level < design.FeatureLevels ? _laterals[level].Convolutions : [_extras[level - design.FeatureLevels].Convolution],
                .. _towers[level].Select(unit => unit.Convolution),
            ]),
        ];
    }

    /// <summary>What the head was built from.</summary>
    public DetectorDesign Design { get; }

    /// <summary>The maps that boxes are read from, finest first.</summary>
    public IReadOnlyList<FeatureMap> Maps { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    /// <summary>What the layers cost.</summary>
    internal static IEnumerable<CostLayer> Cost(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes)
    {
        var maps = HeadLayers.MapsOf(design, network, stages);
        for (var level = 0; level < maps.Count; level++)
        {
            yield return level < design.FeatureLevels
                ? HeadLayers.Lateral($"head.laterals.{level}", maps[level], stages[stages.Count - design.FeatureLevels + level], network)
                : HeadLayers.Unit(maps[level - 1], 2, network).Count($"head.extras.{level - design.FeatureLevels}", CostGroup.Full);
            for (var unit = 0; unit < design.HeadConvs; unit++)
            {
                yield return HeadLayers.Unit(maps[level], 1, network).Count($"head.towers.{level}.{unit}", CostGroup.Full);
            }

            var anchors = design.Anchors[level].Count;
            yield return HeadLayers.Prediction($"head.scores.{level}", maps[level], anchors * (classes + 1));
            yield return HeadLayers.Prediction($"head.codes.{level}", maps[level], anchors * 4);
        }
    }

    /// <summary>The scores and the codes of a batch.</summary>
    public override IReadOnlyList<Tensor> Run(BackboneOutput maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = NewDisposeScope();
        var first = maps.Stages.Count - Design.FeatureLevels;
        var (scores, codes) = (new List<Tensor>(), new List<Tensor>());
        Tensor? before = null;
        for (var level = 0; level < Design.Levels; level++)
        {
            var value = level < Design.FeatureLevels ? _laterals[level].Apply(maps.Stages[first + level]) : _extras[level - Design.FeatureLevels].Apply(before!);
            before = value;
            value = _towers[level].Aggregate(value, (current, unit) => unit.Apply(current));
            scores.Add(_scores[level].Apply(value, _classes + 1));
            codes.Add(_codes[level].Apply(value, 4));
        }

        return [cat(scores, 1).MoveToOuterDisposeScope(), cat(codes, 1).MoveToOuterDisposeScope()];
    }
}
