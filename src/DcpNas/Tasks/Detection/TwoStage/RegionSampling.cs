namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Draws the anchors or regions of an image that are learned, a share of them with an object: Faster R-CNN, arXiv:1506.01497, section 3.1.3; Fast R-CNN, arXiv:1504.08083, section 2.3.</summary>
internal static class RegionSampling
{
    /// <summary>Draws indices; where there are too few with an object, more of the background take their place.</summary>
    /// <param name="matches">What <see cref="AnchorMatching"/> says of each; those that are ignored are never drawn.</param>
    /// <param name="most">Indices, at most.</param>
    /// <param name="share">The share of them that has an object, at most.</param>
    /// <param name="random">Draws.</param>
    /// <returns>Rising indices.</returns>
    public static IReadOnlyList<int> Draw(ReadOnlySpan<int> matches, int most, double share, SeededRandom random)
    {
        var (objects, background) = (new List<int>(), new List<int>());
        for (var i = 0; i < matches.Length; i++)
        {
            if (matches[i] >= 0)
            {
                objects.Add(i);
            }
            else if (matches[i] == AnchorMatching.Background)
            {
                background.Add(i);
            }
        }

        var drawn = Take(objects, (int)(most * share));
        return [.. drawn.Concat(Take(background, most - drawn.Length)).Order()];

        int[] Take(List<int> from, int count)
        {
            int[] all = [.. from];
            if (all.Length > count)
            {
                random.Shuffle(all.AsSpan());
            }

            return all[..Math.Min(count, all.Length)];
        }
    }
}
