namespace DcpNas.Search;

/// <summary>Ranks with ties, ascending from 1.</summary>
public static class Ranks
{
    /// <summary>The rank of each value; equal values share the mean of their ranks.</summary>
    /// <remarks><c>[3, 1, 3, 0]</c> gives <c>[3.5, 2, 3.5, 1]</c>. These are ranks of values, not positions in a sorted order.</remarks>
    public static double[] Of(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
            {
                end++;
            }

            for (var i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }

            start = end;
        }

        return ranks;
    }
}
