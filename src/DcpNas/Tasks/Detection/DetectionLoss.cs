using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>The loss of a one-stage detector: SSD, arXiv:1512.02325, equations 1 to 3.</summary>
/// <remarks>
/// <c>L = (sum CE(scores, class) + w sum smoothL1(codes - target)) / P</c>: CE over the P anchors with an object and the hardest ones on background
/// (<see cref="HardNegatives"/>, per image), smooth L1 (knee at 1) over the four numbers of the anchors with an object; P of the whole batch, at least 1.
/// With a teacher: <c>(1 - s) L + s (sum T^2 KL(teacher || student) + w sum smoothL1(codes - teacher's)) / P</c> over the same anchors.
/// Which anchors take part is constant in the backward pass.
/// </remarks>
/// <param name="anchors">All anchors.</param>
/// <param name="settings">The coding of boxes.</param>
/// <param name="options">Weights and thresholds.</param>
internal sealed class DetectionLoss(IReadOnlyList<Anchor> anchors, DetectorSettings settings, DetectionLossOptions options)
{
    private readonly ShareBox[] _boxes = [.. anchors.Select(ShareBox.Of)];

    /// <summary>The loss, a scalar with its graph.</summary>
    /// <param name="scores"><c>[N, anchors, classes + 1]</c>.</param>
    /// <param name="codes"><c>[N, anchors, 4]</c>.</param>
    /// <param name="targets">The objects.</param>
    /// <param name="teacher">Scores and codes of a teacher, or null.</param>
    public Tensor Of(Tensor scores, Tensor codes, DetectionTargets targets, IReadOnlyList<Tensor>? teacher)
    {
        ShapeException.ThrowIfNot(scores, "scores", -1, anchors.Count, -1);
        ShapeException.ThrowIfNot(codes, "codes", -1, anchors.Count, 4);
        using var scope = NewDisposeScope();
        var flat = scores.reshape(-1, scores.shape[2]);
        var logarithms = flat.log_softmax(1);
        var chosen = Choose(logarithms, targets);
        var divisor = Math.Max(1, chosen.Positives.Length);
        var (device, type) = (scores.device, scores.dtype);
        var (learned, positives) = (tensor(chosen.Learned, device: device), tensor(chosen.Positives, device: device));
        var flatCodes = codes.reshape(-1, 4).index_select(0, positives);
        var share = teacher is null ? 0 : options.DistillationWeight;
        var terms = new List<Tensor>();
        if (share < 1)
        {
            var labels = tensor(chosen.Labels, device: device);
            var classLoss = nn.functional.nll_loss(logarithms.index_select(0, learned), labels, reduction: nn.Reduction.Sum);
            terms.Add((classLoss + BoxLoss(flatCodes, tensor(chosen.Codes, [chosen.Positives.Length, 4], type, device))) * ((1 - share) / divisor));
        }

        if (share > 0)
        {
            var taught = teacher![0].detach().reshape(-1, scores.shape[2]).index_select(0, learned);
            var divergence = Distillation.Divergence(flat.index_select(0, learned), taught, options.Temperature) * Math.Max(1, chosen.Learned.Length);
            terms.Add((divergence + BoxLoss(flatCodes, teacher[1].detach().reshape(-1, 4).index_select(0, positives))) * (share / divisor));
        }

        return terms.Aggregate((sum, term) => sum + term).MoveToOuterDisposeScope();
    }

    private Tensor BoxLoss(Tensor codes, Tensor targets) => nn.functional.smooth_l1_loss(codes, targets, reduction: nn.Reduction.Sum) * options.BoxLossWeight;

    private Chosen Choose(Tensor logarithms, DetectionTargets targets)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var background = logarithms.detach().narrow(1, 0, 1).neg().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        var (learned, labels, positives, codes) = (new List<long>(), new List<long>(), new List<long>(), new List<double>());
        for (var image = 0; image < targets.Objects.Count; image++)
        {
            var (objects, boxes, start) = (targets.Objects[image], targets.Boxes(image), image * anchors.Count);
            var matches = AnchorMatching.Match(_boxes, objects, boxes, options.FgIouThresh);
            for (var anchor = 0; anchor < matches.Length; anchor++)
            {
                if (matches[anchor] >= 0)
                {
                    learned.Add(start + anchor);
                    positives.Add(start + anchor);
                    labels.Add(objects[matches[anchor]].Class + 1);
                    var (x, y, w, h) = BoxCoding.Encode(anchors[anchor], boxes[matches[anchor]], settings);
                    codes.AddRange([x, y, w, h]);
                }
            }

            foreach (var anchor in HardNegatives.Choose(background.AsSpan(start, anchors.Count), matches, options.NegToPosRatio))
            {
                learned.Add(start + anchor);
                labels.Add(0);
            }
        }

        return new Chosen([.. learned], [.. labels], [.. positives], [.. codes]);
    }

    /// <summary>The anchors that take part.</summary>
    /// <param name="Learned">Of all images one after the other.</param>
    /// <param name="Labels">What each learns: 0 is the background.</param>
    /// <param name="Positives">Those with an object.</param>
    /// <param name="Codes">What each of them learns, four numbers.</param>
    private sealed record Chosen(long[] Learned, long[] Labels, long[] Positives, double[] Codes);
}
