using DcpNas.Data.Detection;

namespace DcpNas.Tasks.Detection;

/// <summary>Says which object each anchor or region learns: SSD, arXiv:1512.02325, section 2.2; Faster R-CNN, arXiv:1506.01497, section 3.1.2.</summary>
/// <remarks>
/// Where the rule says so, first each object takes the anchor that overlaps it most: of all pairs the one of the largest overlap is joined, then the next among those left, ties by object,
/// then anchor. Then each anchor left takes the object that it overlaps most, the first of equal ones, where the overlap is at least the threshold. Anchors that then have no object but overlap one
/// that is not learned (difficult, or a crowd, of which the share of the anchor counts) by as much are left out, and so are those that overlap one by no less than the rule's bound of the background.
/// </remarks>
public static class AnchorMatching
{
    /// <summary>What an anchor has that learns the background.</summary>
    public const int Background = -1;

    /// <summary>What an anchor has that learns nothing.</summary>
    public const int Ignored = -2;

    /// <summary>Matches the anchors of an image as SSD does.</summary>
    /// <inheritdoc cref="Match(IReadOnlyList{ShareBox}, IReadOnlyList{LabelledBox}, IReadOnlyList{ShareBox}, in MatchRule)"/>
    /// <param name="anchors">Boxes of the anchors.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="boxes">Their boxes.</param>
    /// <param name="threshold">The overlap from which on an anchor learns an object; below it learns the background.</param>
    public static int[] Match(IReadOnlyList<ShareBox> anchors, IReadOnlyList<LabelledBox> objects, IReadOnlyList<ShareBox> boxes, double threshold) =>
        Match(anchors, objects, boxes, new MatchRule(threshold, threshold, EveryObject: true));

    /// <summary>Matches the anchors of an image.</summary>
    /// <param name="anchors">Boxes of the anchors.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="boxes">Their boxes.</param>
    /// <param name="rule">The thresholds.</param>
    /// <returns>Per anchor the index of its object, <see cref="Background"/> or <see cref="Ignored"/>.</returns>
    public static int[] Match(IReadOnlyList<ShareBox> anchors, IReadOnlyList<LabelledBox> objects, IReadOnlyList<ShareBox> boxes, in MatchRule rule)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(boxes);
        var matches = new int[anchors.Count];
        Array.Fill(matches, Background);
        List<int> targets = [.. Enumerable.Range(0, objects.Count).Where(index => objects[index].IsTarget && boxes[index].Area > 0)];
        var overlaps = targets.Select(target => anchors.Select(anchor => anchor.OverlapWith(boxes[target])).ToArray()).ToList();
        if (rule.EveryObject)
        {
            TakeBest(targets, overlaps, matches);
        }

        for (var anchor = 0; anchor < anchors.Count; anchor++)
        {
            if (matches[anchor] >= 0)
            {
                continue;
            }

            var best = -1;
            for (var i = 0; i < targets.Count; i++)
            {
                best = best < 0 || overlaps[i][anchor] > overlaps[best][anchor] ? i : best;
            }

            var largest = best < 0 ? 0 : overlaps[best][anchor];
            matches[anchor] = largest >= rule.Positive ? targets[best]
                : largest >= rule.Background || IsLeftOut(anchors[anchor], objects, boxes, rule.Background) ? Ignored : Background;
        }

        return matches;
    }

    private static void TakeBest(List<int> targets, List<double[]> overlaps, int[] matches)
    {
        var open = Enumerable.Range(0, targets.Count).ToList();
        while (open.Count > 0)
        {
            var (target, anchor, largest) = (-1, -1, 0.0);
            foreach (var i in open)
            {
                for (var at = 0; at < matches.Length; at++)
                {
                    if (matches[at] < 0 && overlaps[i][at] > largest)
                    {
                        (target, anchor, largest) = (i, at, overlaps[i][at]);
                    }
                }
            }

            if (target < 0)
            {
                return; // nothing overlaps what is left
            }

            matches[anchor] = targets[target];
            open.Remove(target);
        }
    }

    private static bool IsLeftOut(in ShareBox anchor, IReadOnlyList<LabelledBox> objects, IReadOnlyList<ShareBox> boxes, double threshold)
    {
        for (var i = 0; i < objects.Count; i++)
        {
            if (!objects[i].IsTarget && (objects[i].Crowd ? anchor.IntersectionWith(boxes[i]) / anchor.Area : anchor.OverlapWith(boxes[i])) >= threshold)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>From which overlaps on a box learns an object, and up to which the background.</summary>
/// <param name="Positive">A box learns the object that it overlaps by so much; above 0, at most 1.</param>
/// <param name="Background">A box that overlaps every object by less learns the background; at most <paramref name="Positive"/>. Between both it learns nothing.</param>
/// <param name="EveryObject">Whether each object takes a box of its own first, whatever their overlap.</param>
public readonly record struct MatchRule(double Positive, double Background, bool EveryObject);
