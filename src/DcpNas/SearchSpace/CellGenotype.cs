namespace DcpNas.SearchSpace;

/// <summary>The architecture of one cell kind: two edges for each of the nodes 2 to 5. Immutable, compared by value.</summary>
/// <remarks>
/// The edges of a node are kept in ascending input order, whatever order they are given in: their outputs are added, so the order has no
/// meaning, and one network has one genotype.
/// </remarks>
public sealed class CellGenotype : IEquatable<CellGenotype>
{
    /// <summary>Creates a cell.</summary>
    /// <param name="nodes">Four lists of two edges, for the nodes 2, 3, 4 and 5.</param>
    /// <exception cref="ArgumentException">The counts differ, an operation is unknown or <c>none</c>, an input is not an earlier node, or both edges
    /// of a node read the same input.</exception>
    public CellGenotype(IEnumerable<IEnumerable<GenotypeEdge>> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var given = nodes.Select(edges => edges.ToArray()).ToArray();
        if (given.Length != CellTopology.NodeCount)
        {
            throw new ArgumentException($"A cell must have {CellTopology.NodeCount} nodes, got {given.Length}.", nameof(nodes));
        }

        for (var index = 0; index < given.Length; index++)
        {
            var node = index + CellTopology.InputCount;
            if (given[index].Length != CellTopology.EdgesKeptPerNode)
            {
                throw new ArgumentException($"Node {node} must have {CellTopology.EdgesKeptPerNode} edges, got {given[index].Length}.", nameof(nodes));
            }

            if (GenotypeRules.FirstFault(given[index], node) is { } fault)
            {
                throw new ArgumentException($"Node {node}, {fault.Part} must be {fault.Expected}, got {fault.Found}.", nameof(nodes));
            }
        }

        Nodes = [.. given.Select(edges => (IReadOnlyList<GenotypeEdge>)[.. edges.OrderBy(edge => edge.Input)])];
    }

    /// <summary>The two edges of each of the nodes 2 to 5 (so <c>Nodes[0]</c> is node 2), in ascending input order.</summary>
    public IReadOnlyList<IReadOnlyList<GenotypeEdge>> Nodes { get; }

    /// <summary>All eight edges with the node that each enters (2 to 5) and its row of alpha, by node, then by input.</summary>
    public IEnumerable<(int Node, int EdgeIndex, GenotypeEdge Edge)> Edges() =>
        Nodes.SelectMany((edges, index) => edges.Select(edge =>
            (index + CellTopology.InputCount, CellTopology.EdgeIndex(index + CellTopology.InputCount, edge.Input), edge)));

    /// <inheritdoc/>
    public bool Equals(CellGenotype? other) => other is not null && Nodes.SelectMany(edges => edges).SequenceEqual(other.Nodes.SelectMany(edges => edges));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CellGenotype);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var edge in Nodes.SelectMany(edges => edges))
        {
            hash.Add(edge);
        }

        return hash.ToHashCode();
    }

    /// <summary>The text form: <c>n2[max&lt;-0, sep5&lt;-1] n3[...] n4[...] n5[...]</c>.</summary>
    public override string ToString() => GenotypeText.Print(this);
}

/// <summary>One edge of a discretised cell: which operation is applied to which node.</summary>
/// <param name="Operation">A name of <see cref="OperationNames"/> other than <c>none</c>.</param>
/// <param name="Input">The node that is read: 0 and 1 are the previous cells, 2 to 4 nodes of this one.</param>
public sealed record GenotypeEdge(string Operation, int Input)
{
    /// <summary>The text form, as in <c>sep3&lt;-1</c>.</summary>
    public override string ToString() => $"{GenotypeText.ShortName(Operation)}<-{Input}";
}
