namespace DcpNas.Protocols.ReIdentification;

/// <summary>How k-reciprocal re-ranking works; the defaults are those of its paper (arXiv:1701.08398).</summary>
public sealed record ReRankingOptions
{
    /// <summary>Neighbours that may be reciprocal, at least 1; default 20.</summary>
    public int K1 { get; init; } = 20;

    /// <summary>Neighbours whose encodings are averaged, at least 1 (1 averages nothing); default 6.</summary>
    public int K2 { get; init; } = 6;

    /// <summary>Share of the original distance, from 0 to 1; default 0.3.</summary>
    public double Lambda { get; init; } = 0.3;

    /// <summary>
    /// Most images, queries and gallery together, at least 1; default 100,000. Every image is compared with every other one: the time grows with the square of
    /// their number. Memory grows with the number itself.
    /// </summary>
    public int MostImages { get; init; } = 100_000;

    /// <summary>Every fault, one sentence each.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Demand(K1 >= 1, $"k1 must be at least 1, got {K1}.");
        Demand(K2 >= 1, $"k2 must be at least 1, got {K2}.");
        Demand(Lambda is >= 0 and <= 1, $"lambda must be from 0 to 1, got {Lambda}.");
        Demand(MostImages >= 1, $"most_images must be at least 1, got {MostImages}.");
        return problems;

        void Demand(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
