namespace DcpNas.Statistics;

/// <summary>Holm's correction of several p-values: who looks at many rows finds one below 0.05 by chance.</summary>
/// <remarks>
/// With the m values in ascending order <c>p_(1) &lt;= ... &lt;= p_(m)</c> the adjusted value is <c>max over j &lt;= i of min(1, (m - j + 1) p_(j))</c>. Calling those
/// below a level significant keeps the probability of any false call at that level, whatever the tests have to do with each other. Source: Holm, "A simple
/// sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.
/// </remarks>
public static class HolmCorrection
{
    /// <summary>The adjusted values, in the order of the given ones.</summary>
    /// <param name="p">One value per test, from 0 to 1; null where there was nothing to test by: it stays null and is not counted.</param>
    /// <exception cref="ArgumentException">A value is not from 0 to 1.</exception>
    public static IReadOnlyList<double?> Adjust(IReadOnlyList<double?> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        if (p.FirstOrDefault(value => value is not null and not (>= 0 and <= 1)) is { } wrong)
        {
            throw new ArgumentException($"p must be from 0 to 1, got {wrong}.", nameof(p));
        }

        var adjusted = new double?[p.Count];
        int[] order = [.. Enumerable.Range(0, p.Count).Where(index => p[index] is not null).OrderBy(index => p[index])];
        var largest = 0.0;
        for (var place = 0; place < order.Length; place++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - place) * p[order[place]]!.Value));
            adjusted[order[place]] = largest;
        }

        return adjusted;
    }
}
