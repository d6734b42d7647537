using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>The first stage: says of every anchor whether there is an object, and where. Its 3x3 is as 1-bit as the backbone, its last layers are real.</summary>
/// <remarks>
/// Per level a 3x3 unit as in ReActNet, then two real 1x1 convolutions with bias. Faster R-CNN on a pyramid shares these over the levels; here each level has its own, because batch
/// normalisation measures each level apart.
/// </remarks>
internal sealed class ProposalNetwork : Module
{
    private readonly ReActUnit[] _units;
    private readonly PredictionLayer[] _scores;
    private readonly PredictionLayer[] _codes;

    public ProposalNetwork(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureMap> maps)
        : base(nameof(ProposalNetwork))
    {
        _units = [.. maps.Select(map => new ReActUnit(HeadLayers.Unit(map, 1, network), network.Precision))];
        _scores = [.. design.Anchors.Select(anchors => new PredictionLayer(design.NeckChannels, anchors.Count))];
        _codes = [.. design.Anchors.Select(anchors => new PredictionLayer(design.NeckChannels, anchors.Count * 4))];
        register_module("units", ModuleGroup.Of("units", _units));
        register_module("scores", ModuleGroup.Of("scores", _scores));
        register_module("codes", ModuleGroup.Of("codes", _codes));
    }

    /// <summary>Every convolution that may be 1-bit, in the order in which they run.</summary>
    public IEnumerable<ConvolutionLayer> Convolutions => _units.Select(unit => unit.Convolution);

    /// <summary>What the layers cost.</summary>
    public static IEnumerable<CostLayer> Cost(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureMap> maps)
    {
        for (var level = 0; level < maps.Count; level++)
        {
            yield return HeadLayers.Unit(maps[level], 1, network).Count($"head.proposals.units.{level}", CostGroup.Full);
            yield return HeadLayers.Prediction($"head.proposals.scores.{level}", maps[level], design.Anchors[level].Count);
            yield return HeadLayers.Prediction($"head.proposals.codes.{level}", maps[level], design.Anchors[level].Count * 4);
        }
    }

    /// <summary>Scores <c>[N, anchors]</c> before the sigmoid, and codes <c>[N, anchors, 4]</c>, of all levels, finest first.</summary>
    /// <param name="levels">Of the pyramid.</param>
    public (Tensor Scores, Tensor Codes) Apply(IReadOnlyList<Tensor> levels)
    {
        using var scope = NewDisposeScope();
        var (scores, codes) = (new List<Tensor>(), new List<Tensor>());
        for (var level = 0; level < levels.Count; level++)
        {
            var value = _units[level].Apply(levels[level]);
            scores.Add(_scores[level].Apply(value, 1).squeeze(2));
            codes.Add(_codes[level].Apply(value, 4));
        }

        return (cat(scores, 1).MoveToOuterDisposeScope(), cat(codes, 1).MoveToOuterDisposeScope());
    }
}
