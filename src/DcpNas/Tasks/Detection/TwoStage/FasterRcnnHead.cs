using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Graph;
using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>The head of Faster R-CNN (arXiv:1506.01497) on a feature pyramid (arXiv:1612.03144).</summary>
/// <remarks>
/// <para><see cref="FeaturePyramid"/>, <see cref="ProposalNetwork"/>, then <see cref="RoiAlign"/> of the proposals from the level of their size, and <see cref="RegionHead"/> on each of them.
/// 1-bit as the backbone: all 1x1 and 3x3 convolutions of the pyramid and of the proposals. Real: the last layers of the proposals and everything that looks at regions.</para>
/// <para>Outputs: scores <c>[N, anchors]</c> and codes <c>[N, anchors, 4]</c> of the first stage; the regions, see <see cref="Region"/>; scores <c>[regions, classes + 1]</c>, the background first,
/// and codes <c>[regions, classes, 4]</c> of the second stage. Regions are constants: no gradient flows through their edges.</para>
/// <para>Where a batch is learned from, its regions are drawn from the proposals and from the boxes of the objects, by a seed from the global generator of torch.</para>
/// </remarks>
public sealed class FasterRcnnHead : TaskHead
{
    private readonly FeaturePyramid _pyramid;
    private readonly ProposalNetwork _proposals;
    private readonly RegionHead _regions;
    private readonly RegionProposals _choice;
    private readonly FasterRcnnLossOptions _learning;

    /// <summary>Creates the head with fresh weights.</summary>
    /// <param name="design">Sizes and anchors.</param>
    /// <param name="learning">Which regions are learned.</param>
    /// <param name="network">The backbone: its size of images and precision.</param>
    /// <param name="stages">Its stages.</param>
    /// <param name="classes">Classes without the background, at least 1.</param>
    /// <exception cref="InputException">The backbone has fewer stages than the design asks for.</exception>
    public FasterRcnnHead(FasterRcnnDesign design, FasterRcnnLossOptions learning, NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes)
        : base(nameof(FasterRcnnHead))
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(learning);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stages);
        (Design, _learning) = (design, learning);
        _pyramid = new FeaturePyramid(design.Pyramid, network, stages);
        _proposals = new ProposalNetwork(design.Pyramid, network, _pyramid.Maps);
        _regions = new RegionHead(design, classes);
        register_module("pyramid", _pyramid);
        register_module("proposals", _proposals);
        register_module("regions", _regions);
        var anchors = HeadLayers.Anchors(design.Pyramid, _pyramid.Maps);
        _choice = new RegionProposals(anchors, design, network.ImageHeight, network.ImageWidth);
        Anchors = [.. anchors.SelectMany(level => level)];
        Convolutions = [.. _pyramid.Convolutions, .. _proposals.Convolutions];
    }

    /// <summary>What the head was built from.</summary>
    public FasterRcnnDesign Design { get; }

    /// <summary>All anchors of the first stage, in the order of its outputs.</summary>
    public IReadOnlyList<Anchor> Anchors { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    /// <summary>What the layers cost.</summary>
    internal static IEnumerable<CostLayer> Cost(FasterRcnnDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes)
    {
        var reader = new CostReader();
        var levels = FeaturePyramid.Read(reader, design.Pyramid, network, stages, HeadLayers.CostMaps(design.Pyramid, network, stages), "head.pyramid.");
        ProposalNetwork.Read(reader, design.Pyramid, network, levels, "head.proposals.");
        return [.. reader.Rows, .. RegionHead.Cost(design, classes)];
    }

    /// <summary>The outputs of a batch, for all proposals.</summary>
    public override IReadOnlyList<Tensor> Run(BackboneOutput maps) => Run(maps, proposals => proposals);

    /// <summary>The outputs of a batch: in training mode for regions that are drawn from its proposals and objects.</summary>
    public override IReadOnlyList<Tensor> Run(BackboneOutput maps, TaskBatch batch) => Run(maps, proposals => training ? Learned(proposals, DetectionTargets.Of(batch)) : proposals);

    private List<Tensor> Run(BackboneOutput maps, Func<IReadOnlyList<Region>, IReadOnlyList<Region>> choose)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = NewDisposeScope();
        var levels = _pyramid.Apply(maps.Stages);
        var (scores, codes) = _proposals.Apply(levels);
        ShapeException.ThrowIfNot(scores, "scores of the anchors", -1, Anchors.Count);
        var regions = choose(Propose(scores, codes));
        var pixels = RoiAlign.OfLevels(levels, regions, [.. regions.Select(region => RegionLevels.Of(region.Box, _pyramid.Maps))], Design.RoiOutputSize, Design.SamplingRatio);
        var (classes, boxes) = _regions.Apply(pixels);
        return [.. ((Tensor[])[scores, codes, Region.ToTensor(regions), classes, boxes]).Select(output => output.MoveToOuterDisposeScope())];
    }

    private Region[] Propose(Tensor scores, Tensor codes)
    {
        var (scoreNumbers, codeNumbers) = (OutputNumbers.Of(scores), OutputNumbers.Of(codes));
        return [.. Enumerable.Range(0, (int)scores.shape[0]).SelectMany(image => _choice.Of(
            scoreNumbers.AsSpan(image * Anchors.Count, Anchors.Count), codeNumbers.AsSpan(4 * image * Anchors.Count, 4 * Anchors.Count)).Select(box => new Region(image, box)))];
    }

    private Region[] Learned(IReadOnlyList<Region> proposals, DetectionTargets targets)
    {
        var (seed, ofImage) = (RegionRandom.Seed(), proposals.ToLookup(region => region.Image));
        return [.. Enumerable.Range(0, targets.Objects.Count).SelectMany(image =>
        {
            var (objects, boxes) = (targets.Objects[image], targets.Boxes(image));
            Region[] all =
            [
                .. ofImage[image],
                .. Enumerable.Range(0, objects.Count).Where(i => objects[i].IsTarget && boxes[i].Area > 0).Select(i => new Region(image, boxes[i], IsObject: true)),
            ];
            var matches = AnchorMatching.Match([.. all.Select(region => region.Box)], objects, boxes, _learning.RegionRule);
            return RegionSampling.Draw(matches, _learning.BoxBatchSizePerImage, FasterRcnnLossOptions.ObjectShareOfRegions, new SeededRandom(seed, image)).Select(i => all[i]);
        })];
    }
}
