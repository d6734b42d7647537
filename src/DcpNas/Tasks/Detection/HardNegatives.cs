namespace DcpNas.Tasks.Detection;

/// <summary>Of the many anchors on background, those that the network takes most for an object: SSD, arXiv:1512.02325.</summary>
public static class HardNegatives
{
    /// <summary>Chooses the anchors of an image that learn the background.</summary>
    /// <param name="losses">The loss of every anchor as background.</param>
    /// <param name="matches">What <see cref="AnchorMatching"/> says of every anchor.</param>
    /// <param name="ratio">At most so many per anchor that has an object.</param>
    /// <returns>Indices by falling loss, equal ones by rising index.</returns>
    public static IReadOnlyList<int> Choose(ReadOnlySpan<float> losses, ReadOnlySpan<int> matches, double ratio)
    {
        var (positives, open) = (0, new List<(float Loss, int Anchor)>());
        for (var anchor = 0; anchor < matches.Length; anchor++)
        {
            positives += matches[anchor] >= 0 ? 1 : 0;
            if (matches[anchor] == AnchorMatching.Background)
            {
                open.Add((losses[anchor], anchor));
            }
        }

        return [.. open.OrderByDescending(one => one.Loss).Take((int)(ratio * positives)).Select(one => one.Anchor)]; // the sort is stable
    }
}
