using DcpNas.Runtime;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Turns the numbers of the first stage into regions: per level the anchors of the highest scores, decoded, clipped and suppressed; then the best of all levels.</summary>
/// <remarks>Codes are plain (variances of 1), as in Faster R-CNN; equal scores by rising anchor. Regions of less than a pixel of the image are dropped.</remarks>
/// <param name="levels">The anchors of each level.</param>
/// <param name="design">Numbers and thresholds.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
internal sealed class RegionProposals(IReadOnlyList<IReadOnlyList<Anchor>> levels, FasterRcnnDesign design, int height, int width)
{
    /// <summary>The coding of the first stage.</summary>
    public static DetectorSettings Coding { get; } = new() { CentreVariance = 1, SizeVariance = 1 };

    /// <summary>The regions of an image, by falling score.</summary>
    /// <param name="scores">One per anchor, before the sigmoid.</param>
    /// <param name="codes">Four per anchor.</param>
    public IReadOnlyList<ShareBox> Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> codes)
    {
        var (kept, start) = (new List<BoxCandidate>(), 0);
        foreach (var anchors in levels)
        {
            var candidates = new List<BoxCandidate>();
            foreach (var i in Best(scores.Slice(start, anchors.Count)))
            {
                var (left, top, right, bottom) = DetectionDecoder.Decode(anchors[i], codes.Slice(4 * (start + i), 4), Coding);
                if ((right - left) * width >= 1 && (bottom - top) * height >= 1)
                {
                    candidates.Add(new BoxCandidate(0, scores[start + i], start + i, left, top, right, bottom));
                }
            }

            kept.AddRange(DetectionDecoder.Suppress(candidates, design.RpnNmsThresh, design.RpnPreNmsTopN));
            start += anchors.Count;
        }

        return [.. kept.OrderByDescending(one => one.Score).ThenBy(one => one.Anchor).Take(design.RpnPostNmsTopN).Select(one => new ShareBox(one.Left, one.Top, one.Right, one.Bottom))];
    }

    private int[] Best(ReadOnlySpan<float> scores)
    {
        var numbers = scores.ToArray();
        int[] order = [.. Enumerable.Range(0, numbers.Length)];
        if (numbers.Length <= design.RpnPreNmsTopN)
        {
            return order;
        }

        Array.Sort(order, (a, b) => numbers[b].CompareTo(numbers[a]) is not 0 and var byScore ? byScore : a.CompareTo(b));
        return order[..design.RpnPreNmsTopN];
    }
}
