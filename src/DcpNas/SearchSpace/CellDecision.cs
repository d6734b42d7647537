namespace DcpNas.SearchSpace;

/// <summary>How clearly alpha prefers the operations of one cell kind.</summary>
/// <param name="Edges">All 14 edges, by node, then by input.</param>
public sealed record CellDecision(IReadOnlyList<EdgeDecision> Edges)
{
    /// <summary>The edges that the genotype keeps.</summary>
    public IEnumerable<EdgeDecision> Kept => Edges.Where(edge => edge.IsKept);

    /// <summary>How many edges the genotype keeps.</summary>
    public int KeptCount => Kept.Count();

    /// <summary>How many of these are decided.</summary>
    public int DecidedCount => Kept.Count(edge => edge.IsDecided);

    /// <summary>Mean probability of the winner over the kept edges.</summary>
    public double MeanProbability => Kept.Average(edge => edge.Probability);

    /// <summary>Whether at least half of the kept edges are decided.</summary>
    public bool IsDecided => 2 * DecidedCount >= KeptCount;

    /// <summary>Looks at one cell.</summary>
    /// <param name="probabilities">softmax(alpha), one row per edge.</param>
    /// <param name="cell">The edges and operations that the genotype keeps.</param>
    public static CellDecision Of(double[][] probabilities, CellGenotype cell)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(cell);
        var chosen = cell.Edges().ToDictionary(edge => edge.EdgeIndex, edge => edge.Edge.Operation);
        return new CellDecision([.. probabilities.Select((row, edge) => EdgeDecision.Of(edge, row, chosen.GetValueOrDefault(edge)))]);
    }
}
