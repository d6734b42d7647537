namespace DcpNas.SearchSpace;

/// <summary>The fixed wiring of a cell: which nodes and edges there are, and how they are numbered.</summary>
/// <remarks>
/// Nodes 0 and 1 are the outputs of the two previous cells (0 the older one), nodes 2 to 5 are computed, and the cell's output is the channel
/// concatenation of nodes 2 to 5. Every node reads all nodes before it: 2 + 3 + 4 + 5 = 14 edges. Edges are numbered by target node, then by
/// source node: edges 0, 1 enter node 2; 2..4 node 3; 5..8 node 4; 9..13 node 5. Rows of alpha are in this order.
/// Source: DARTS, arXiv:1806.09055; DCP-NAS (4.27).
/// </remarks>
public static class CellTopology
{
    /// <summary>Nodes that hold the outputs of the two previous cells: 0 and 1.</summary>
    public const int InputNodes = 2;

    /// <summary>Nodes that a cell computes: 2 to 5.</summary>
    public const int IntermediateNodes = 4;

    /// <summary>All nodes.</summary>
    public const int Nodes = InputNodes + IntermediateNodes;

    /// <summary>Edges of the search space, the rows of alpha.</summary>
    public const int Edges = 14;

    /// <summary>Edges that a discretised cell keeps per intermediate node.</summary>
    public const int EdgesPerNode = 2;

    /// <summary>The nodes whose concatenation is the cell's output, in order.</summary>
    public static IReadOnlyList<int> ConcatNodes { get; } = [2, 3, 4, 5];

    /// <summary>The row of alpha of the edge from <paramref name="input"/> to <paramref name="node"/>.</summary>
    /// <param name="node">Target, 2 to 5.</param>
    /// <param name="input">Source, 0 to <paramref name="node"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such edge.</exception>
    public static int EdgeIndex(int node, int input)
    {
        ThrowIfNotIntermediate(node);
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(input, node);
        return FirstEdge(node) + input;
    }

    /// <summary>The first edge into a node; the node has as many edges as its own number, one per earlier node.</summary>
    /// <param name="node">2 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">The node is not computed.</exception>
    public static int FirstEdge(int node)
    {
        ThrowIfNotIntermediate(node);
        return ((node * (node - 1)) / 2) - 1;
    }

    /// <summary>Target and source of an edge.</summary>
    /// <param name="edge">0 to 13.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such edge.</exception>
    public static (int Node, int Input) EndsOf(int edge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(edge);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(edge, Edges);
        var node = Nodes - 1;
        while (FirstEdge(node) > edge)
        {
            node--;
        }

        return (node, edge - FirstEdge(node));
    }

    /// <summary>The stride, in pixels, of operations on edges that leave a node: 2 from the input nodes of a reduction cell, else 1.</summary>
    /// <param name="isReduction">Whether the cell is a reduction cell.</param>
    /// <param name="input">Source of the edge.</param>
    public static int Stride(bool isReduction, int input) => isReduction && input < InputNodes ? 2 : 1;

    private static void ThrowIfNotIntermediate(int node)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(node, InputNodes);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, Nodes);
    }
}
