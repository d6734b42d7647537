using DcpNas.Search;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Search;

/// <summary>Which of the scored genotypes a selection trains.</summary>
public class ScoredGenotypesTests
{
    private static readonly Genotype Best = Discretizer.Random(1);

    [Fact]
    public void Diverse_OfNeighboursAndOthers_PassesOverTheNeighbours()
    {
        Genotype[] ranked = [Best, Changed(1), Changed(4), Changed(5), Changed(8)];

        // Changed(5) differs in 5 edges from the best; Changed(8) in 3 only from Changed(5).
        Assert.Equal([ranked[0], ranked[3]], ScoredGenotypes.Diverse(ranked, 2));
    }

    [Fact]
    public void Diverse_WhereTooFewDiffer_AddsNeighboursByTheirRank()
    {
        Genotype[] ranked = [Best, Changed(1), Changed(4), Changed(5)];

        Assert.Equal([ranked[0], ranked[3], ranked[1]], ScoredGenotypes.Diverse(ranked, 3)); // the other two have a neighbour among the chosen: the better one
        Assert.Equal(ranked.ToHashSet(), ScoredGenotypes.Diverse(ranked, 9).ToHashSet());
        Assert.Empty(ScoredGenotypes.Diverse([], 3));
    }

    /// <summary>The best with another operation on its first edges, the same change for the same edge.</summary>
    private static Genotype Changed(int edges)
    {
        var left = edges;
        CellGenotype Change(CellGenotype cell) => new(cell.Nodes.Select(node => node.Select(edge =>
            left-- > 0 ? edge with { Operation = edge.Operation == OperationNames.MaxPool ? OperationNames.Skip : OperationNames.MaxPool } : edge)));
        return new Genotype(Change(Best.Normal), Change(Best.Reduction));
    }
}
