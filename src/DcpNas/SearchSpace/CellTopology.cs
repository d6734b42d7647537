namespace DcpNas.SearchSpace;

/// <summary>The fixed skeleton of a cell: two inputs (0, 1), four nodes (2 to 5), one edge from every earlier place to every node.</summary>
/// <remarks>
/// Edges are numbered node by node, inputs ascending: node 2 has edges 0-1, node 3 edges 2-4, node 4 edges 5-8, node 5 edges 9-13; rows of alpha are
/// in this order. Place 0 is the output of the cell before the previous one, place 1 that of the previous one; the output of the cell is the
/// concatenation of the nodes 2 to 5. Source: DARTS, arXiv:1806.09055; DCP-NAS (4.27).
/// </remarks>
public static class CellTopology
{
    /// <summary>States that hold the outputs of the two cells before.</summary>
    public const int InputCount = 2;

    /// <summary>Intermediate nodes; their concatenation is the output of the cell.</summary>
    public const int NodeCount = 4;

    /// <summary>Inputs and nodes together; a node is named by its place, 2 to 5.</summary>
    public const int PlaceCount = InputCount + NodeCount;

    /// <summary>Edges of a cell: rows of alpha.</summary>
    public const int EdgeCount = 14;

    /// <summary>Edges that each node keeps when the cell is discretised.</summary>
    public const int EdgesKeptPerNode = 2;

    /// <summary>The first edge of a node; its edge from place <c>i</c> is <c>FirstEdge(node) + i</c>.</summary>
    /// <param name="node">2 to 5.</param>
    public static int FirstEdge(int node) => ((node * (node - 1)) / 2) - 1;

    /// <summary>The row of alpha of the edge from <paramref name="input"/> to <paramref name="node"/>.</summary>
    /// <param name="node">Target, 2 to 5.</param>
    /// <param name="input">Source, 0 to <paramref name="node"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such edge.</exception>
    public static int EdgeIndex(int node, int input)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(node, InputCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, PlaceCount);
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(input, node);
        return FirstEdge(node) + input;
    }

    /// <summary>Target and source of an edge.</summary>
    /// <param name="edge">0 to 13.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such edge.</exception>
    public static (int Node, int Input) EndsOf(int edge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(edge);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(edge, EdgeCount);
        var node = PlaceCount - 1;
        while (FirstEdge(node) > edge)
        {
            node--;
        }

        return (node, edge - FirstEdge(node));
    }

    /// <summary>The stride, in pixels, of operations that read a place: 2 on the inputs of a reduction cell, else 1.</summary>
    /// <param name="kind">The kind of the cell.</param>
    /// <param name="input">The place that is read.</param>
    public static int Stride(CellKind kind, int input) => kind == CellKind.Reduction && input < InputCount ? 2 : 1;
}
