using DcpNas.Cost;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>The second stage: two hidden layers on the pixels of a region, then the scores of the classes and a box for each of them. All of it is real.</summary>
internal sealed class RegionHead : Module
{
    private const double ScoreDeviation = 0.01, CodeDeviation = 0.001;
    private readonly LinearLayer[] _hidden;
    private readonly LinearLayer _scores;
    private readonly LinearLayer _codes;
    private readonly int _classes;

    public RegionHead(FasterRcnnDesign design, int classes)
        : base(nameof(RegionHead))
    {
        _classes = classes;
        _hidden = [new LinearLayer(Pixels(design), design.BoxHeadFcFeatures), new LinearLayer(design.BoxHeadFcFeatures, design.BoxHeadFcFeatures)];
        _scores = new LinearLayer(design.BoxHeadFcFeatures, classes + 1, ScoreDeviation);
        _codes = new LinearLayer(design.BoxHeadFcFeatures, 4 * classes, CodeDeviation);
        register_module("hidden", Networks.Layers.ModuleGroup.Of("hidden", _hidden));
        register_module("scores", _scores);
        register_module("codes", _codes);
    }

    /// <summary>What the layers cost where so many regions are looked at as an image may have.</summary>
    public static IEnumerable<CostLayer> Cost(FasterRcnnDesign design, int classes)
    {
        const int FlopsPerSample = 8; // four products and sums of RoIAlign
        var samples = (long)design.SamplingRatio * design.SamplingRatio;
        var pixels = new FeatureMap(design.Pyramid.NeckChannels, design.RoiOutputSize, design.RoiOutputSize);
        yield return new CostLayer("head.regions.align", CostGroup.Head, "align", pixels, new CostAmount { ElementwiseFlops = design.RpnPostNmsTopN * pixels.Elements * samples * FlopsPerSample });
        yield return Linear("head.regions.hidden.0", Pixels(design), design.BoxHeadFcFeatures, activated: true);
        yield return Linear("head.regions.hidden.1", design.BoxHeadFcFeatures, design.BoxHeadFcFeatures, activated: true);
        yield return Linear("head.regions.scores", design.BoxHeadFcFeatures, classes + 1, activated: false);
        yield return Linear("head.regions.codes", design.BoxHeadFcFeatures, 4 * classes, activated: false);

        CostLayer Linear(string name, int features, int outputs, bool activated) => new(name, CostGroup.Head, "linear", new FeatureMap(outputs, 1, 1), new CostAmount
        {
            RealMacs = (long)design.RpnPostNmsTopN * features * outputs,
            ElementwiseFlops = (long)design.RpnPostNmsTopN * outputs * (activated ? 2 : 1),
            RealParameters = ((long)features * outputs) + outputs,
        });
    }

    /// <summary>Scores <c>[regions, classes + 1]</c>, the background first, and codes <c>[regions, classes, 4]</c>.</summary>
    /// <param name="regions"><c>[regions, C, size, size]</c>.</param>
    public (Tensor Scores, Tensor Codes) Apply(Tensor regions)
    {
        using var scope = NewDisposeScope();
        var features = _hidden.Aggregate(regions.flatten(1), (value, layer) => layer.Apply(value).relu());
        return (_scores.Apply(features).MoveToOuterDisposeScope(), _codes.Apply(features).view(-1, _classes, 4).MoveToOuterDisposeScope());
    }

    private static int Pixels(FasterRcnnDesign design) => design.Pyramid.NeckChannels * design.RoiOutputSize * design.RoiOutputSize;
}
