using DcpNas.SearchSpace.Algebra;

namespace DcpNas.SearchSpace;

/// <summary>The weights with which the nodes of both cell kinds add their candidates: DCP-NAS (4.27) and (4.28) in one sum.</summary>
/// <param name="Normal">Per node of a normal cell.</param>
/// <param name="Reduction">Per node of a reduction cell.</param>
public sealed record MixingWeights<T>(IReadOnlyList<NodeWeights<T>> Normal, IReadOnlyList<NodeWeights<T>> Reduction)
    where T : class
{
    /// <summary>The weights of a cell kind.</summary>
    public IReadOnlyList<NodeWeights<T>> Of(CellKind kind) => kind == CellKind.Normal ? Normal : Reduction;

    /// <summary>Softmax of each row of alpha, times the softmax of the edge weights over the edges into each node.</summary>
    internal static NodeWeights<T>[] OfCell(INetworkAlgebra<T> math, T alpha, T? edgeWeights)
    {
        var probabilities = math.Softmax(alpha);
        return [.. Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
        {
            var (first, count) = (CellTopology.FirstEdge(node), node);
            var rows = math.Rows(probabilities, first, count);
            var edges = edgeWeights is null ? null : math.Softmax(math.Rows(edgeWeights, first, count));
            return new NodeWeights<T>(NodeSelection.All(node), math.FlattenWithoutFirstColumn(edges is null ? rows : math.ScaleRows(rows, edges)), edges);
        })];
    }

    /// <summary>The weights of a discrete cell (<see cref="DiscreteWeights"/>) with the derivatives that the mixture of all candidates gives those that it keeps.</summary>
    internal static NodeWeights<T>[] OfPath(INetworkAlgebra<T> math, T alpha, T? edgeWeights, CellGenotype cell)
    {
        var operations = OperationNames.All.Count - 1;
        var share = DiscreteWeights.Share(edgeWeights is not null);
        return [.. OfCell(math, alpha, edgeWeights).Zip(cell.Nodes, (mixed, edges) =>
        {
            var kept = NodeSelection.Of(edges);
            return new NodeWeights<T>(
                kept,
                math.StraightThrough(math.Entries(mixed.Operations, [.. kept.Candidates.Select(term => (term.Input * operations) + term.Column - 1)]), share),
                mixed.Edges is null ? null : math.StraightThrough(math.Entries(mixed.Edges, kept.Inputs), share));
        })];
    }
}

/// <summary>The weights of one node.</summary>
/// <param name="Selection">The candidates and edges that take part; others are not computed.</param>
/// <param name="Operations">The weight of each selected candidate, <c>[candidates]</c>.</param>
/// <param name="Edges">The weight of the by-passing channels of each selected edge, <c>[edges]</c>; null without edge normalisation, where each has weight 1.</param>
public sealed record NodeWeights<T>(NodeSelection Selection, T Operations, T? Edges)
    where T : class;
