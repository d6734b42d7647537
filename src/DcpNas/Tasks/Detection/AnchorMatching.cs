using DcpNas.Data.Detection;

namespace DcpNas.Tasks.Detection;

/// <summary>Says which object each anchor learns: SSD, arXiv:1512.02325, section 2.2.</summary>
/// <remarks>
/// First each object takes the anchor that overlaps it most: of all pairs the one of the largest overlap is joined, then the next among those left, ties by object,
/// then anchor. Then each anchor left takes the object that it overlaps most, the first of equal ones, where the overlap is at least the threshold. Anchors that then have no object but overlap one
/// that is not learned (difficult, or a crowd, of which the share of the anchor counts) by as much are left out.
/// </remarks>
public static class AnchorMatching
{
    /// <summary>What an anchor has that learns the background.</summary>
    public const int Background = -1;

    /// <summary>What an anchor has that learns nothing.</summary>
    public const int Ignored = -2;

    /// <summary>Matches the anchors of an image.</summary>
    /// <param name="anchors">Boxes of the anchors.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="boxes">Their boxes.</param>
    /// <param name="threshold">The overlap from which on an anchor learns an object.</param>
    /// <returns>Per anchor the index of its object, <see cref="Background"/> or <see cref="Ignored"/>.</returns>
    public static int[] Match(IReadOnlyList<ShareBox> anchors, IReadOnlyList<LabelledBox> objects, IReadOnlyList<ShareBox> boxes, double threshold)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(boxes);
        var matches = new int[anchors.Count];
        Array.Fill(matches, Background);
        List<int> targets = [.. Enumerable.Range(0, objects.Count).Where(index => objects[index].IsTarget && boxes[index].Area > 0)];
        var overlaps = targets.Select(target => anchors.Select(anchor => anchor.OverlapWith(boxes[target])).ToArray()).ToList();
        TakeBest(targets, overlaps, matches);
        for (var anchor = 0; anchor < anchors.Count; anchor++)
        {
            if (matches[anchor] >= 0)
            {
                continue;
            }

            var best = -1;
            for (var i = 0; i < targets.Count; i++)
            {
                best = overlaps[i][anchor] >= threshold && (best < 0 || overlaps[i][anchor] > overlaps[best][anchor]) ? i : best;
            }

            matches[anchor] = best >= 0 ? targets[best] : IsLeftOut(anchors[anchor], objects, boxes, threshold) ? Ignored : Background;
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
