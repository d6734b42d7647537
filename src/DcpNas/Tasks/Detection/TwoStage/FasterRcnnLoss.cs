using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>The loss of Faster R-CNN, arXiv:1506.01497 equation 1 for the anchors, Fast R-CNN, arXiv:1504.08083 equation 1 for the regions.</summary>
/// <remarks>
/// <c>L = (sum BCE(score, object) + w sum smoothL1(codes - target)) / A + (sum CE(scores, class) + w sum smoothL1(codes of the class - target)) / R</c>: A anchors are drawn per image,
/// at most half of them with an object, R regions were drawn by the head; boxes count where there is an object. Knees of smooth L1: 1/9 for anchors, whose codes are plain, 1 for regions, whose codes are
/// divided by the variances. A and R of the whole batch, at least 1: of the paper's two divisors and its weight of 10, one divisor is left, as in the field's releases. Which anchors
/// and regions take part is constant in the backward pass.
/// </remarks>
/// <param name="anchors">All anchors.</param>
/// <param name="settings">The coding of the second stage.</param>
/// <param name="options">Weights and thresholds.</param>
internal sealed class FasterRcnnLoss(IReadOnlyList<Anchor> anchors, DetectorSettings settings, FasterRcnnLossOptions options)
{
    /// <summary>The knee of the smooth L1 loss of the first stage.</summary>
    public const double AnchorKnee = 1.0 / 9;

    private readonly ShareBox[] _boxes = [.. anchors.Select(ShareBox.Of)];

    /// <summary>The loss, a scalar with its graph.</summary>
    /// <param name="outputs">Of <see cref="FasterRcnnHead"/>.</param>
    /// <param name="targets">The objects.</param>
    public Tensor Of(IReadOnlyList<Tensor> outputs, DetectionTargets targets)
    {
        ShapeException.ThrowIfNot(outputs[0], "scores of the anchors", targets.Objects.Count, anchors.Count);
        using var scope = NewDisposeScope();
        return (OfAnchors(outputs[0].reshape(-1), outputs[1].reshape(-1, 4), targets) + OfRegions(Region.Of(outputs[2]), outputs[3], outputs[4], targets)).MoveToOuterDisposeScope();
    }

    private Tensor OfAnchors(Tensor scores, Tensor codes, DetectionTargets targets)
    {
        var (learned, labels, positives, wanted, seed) = (new List<long>(), new List<double>(), new List<long>(), new List<double>(), RegionRandom.Seed());
        for (var image = 0; image < targets.Objects.Count; image++)
        {
            var boxes = targets.Boxes(image);
            var matches = AnchorMatching.Match(_boxes, targets.Objects[image], boxes, options.AnchorRule);
            foreach (var anchor in RegionSampling.Draw(matches, options.RpnBatchSizePerImage, FasterRcnnLossOptions.ObjectShareOfAnchors, new SeededRandom(seed, image)))
            {
                var at = ((long)image * anchors.Count) + anchor;
                learned.Add(at);
                labels.Add(matches[anchor] >= 0 ? 1 : 0);
                if (matches[anchor] >= 0)
                {
                    positives.Add(at);
                    var (x, y, w, h) = BoxCoding.Encode(anchors[anchor], boxes[matches[anchor]], RegionProposals.Coding);
                    wanted.AddRange([x, y, w, h]);
                }
            }
        }

        var objects = nn.functional.binary_cross_entropy_with_logits(
            scores.index_select(0, Indices(learned, scores)), tensor([.. labels], [labels.Count], scores.dtype, scores.device), reduction: nn.Reduction.Sum);
        var places = codes.index_select(0, Indices(positives, codes));
        return (objects + BoxLoss(places, wanted, AnchorKnee)) / Math.Max(1, learned.Count);
    }

    private Tensor OfRegions(IReadOnlyList<Region> regions, Tensor scores, Tensor codes, DetectionTargets targets)
    {
        var (learned, labels, positives, wanted) = (new List<long>(), new List<long>(), new List<long>(), new List<double>());
        var classes = codes.shape[1];
        foreach (var group in Enumerable.Range(0, regions.Count).GroupBy(index => regions[index].Image))
        {
            int[] indices = [.. group];
            var (objects, boxes) = (targets.Objects[group.Key], targets.Boxes(group.Key));
            var matches = AnchorMatching.Match([.. indices.Select(index => regions[index].Box)], objects, boxes, options.RegionRule);
            for (var i = 0; i < indices.Length; i++)
            {
                if (matches[i] == AnchorMatching.Ignored)
                {
                    continue;
                }

                learned.Add(indices[i]);
                labels.Add(matches[i] >= 0 ? objects[matches[i]].Class + 1 : 0);
                if (matches[i] >= 0)
                {
                    positives.Add((indices[i] * classes) + objects[matches[i]].Class);
                    var (x, y, w, h) = BoxCoding.Encode(RegionDecoder.AnchorOf(regions[indices[i]].Box), boxes[matches[i]], settings);
                    wanted.AddRange([x, y, w, h]);
                }
            }
        }

        var logarithms = scores.log_softmax(1).index_select(0, Indices(learned, scores));
        var kinds = nn.functional.nll_loss(logarithms, tensor([.. labels], [labels.Count], device: scores.device), reduction: nn.Reduction.Sum);
        var places = codes.reshape(-1, 4).index_select(0, Indices(positives, codes));
        return (kinds + BoxLoss(places, wanted, 1)) / Math.Max(1, learned.Count);
    }

    private Tensor BoxLoss(Tensor codes, List<double> wanted, double knee) =>
        nn.functional.smooth_l1_loss(codes, tensor([.. wanted], [wanted.Count / 4, 4], codes.dtype, codes.device), nn.Reduction.Sum, knee) * options.BoxLossWeight;

    private static Tensor Indices(List<long> indices, Tensor like) => tensor([.. indices], [indices.Count], device: like.device);
}
