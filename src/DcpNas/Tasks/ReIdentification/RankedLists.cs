namespace DcpNas.Tasks.ReIdentification;

/// <summary>Which queries ranked lists are shown of.</summary>
public static class RankedLists
{
    /// <summary>Places that are spread evenly over the given number, all of them if there are fewer.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="shown">How many to show, at least 1.</param>
    public static IEnumerable<int> Spread(int count, int shown)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shown, 1);
        return Enumerable.Range(0, Math.Min(count, shown)).Select(i => (int)((long)i * count / Math.Min(count, shown)));
    }
}
