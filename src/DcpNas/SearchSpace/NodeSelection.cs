namespace DcpNas.SearchSpace;

/// <summary>The candidates of a node that take part in its sum.</summary>
/// <param name="Candidates">The place that each reads and its column of alpha, in the order of their weights; <c>none</c> adds zero and is never among them.</param>
/// <param name="Inputs">The states whose edges take part, ascending: with partial channels, their other channels by-pass the operations.</param>
public sealed record NodeSelection(IReadOnlyList<(int Input, int Column)> Candidates, IReadOnlyList<int> Inputs)
{
    private static readonly NodeSelection[] Full = [.. Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
    {
        int[] inputs = [.. Enumerable.Range(0, node)];
        return new NodeSelection([.. inputs.SelectMany(input => Enumerable.Range(1, OperationNames.All.Count - 1).Select(column => (input, column)))], inputs);
    })];

    /// <summary>Every operation of every edge.</summary>
    /// <param name="node">2 to 5.</param>
    public static NodeSelection All(int node) => Full[node - CellTopology.InputCount];

    /// <summary>The operations of a discrete node.</summary>
    /// <param name="edges">Its edges.</param>
    public static NodeSelection Of(IReadOnlyList<GenotypeEdge> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return new([.. edges.Select(edge => (edge.Input, OperationNames.IndexOf(edge.Operation)))], [.. edges.Select(edge => edge.Input).Distinct().Order()]);
    }
}
