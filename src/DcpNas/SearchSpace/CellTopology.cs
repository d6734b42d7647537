namespace DcpNas.SearchSpace;

/// <summary>The fixed skeleton of a cell: two inputs (0, 1), four nodes (2 to 5), one edge from every earlier place to every node.</summary>
/// <remarks>Edges are numbered node by node, inputs ascending: node 2 has edges 0-1, node 3 edges 2-4, node 4 edges 5-8, node 5 edges 9-13.</remarks>
public static class CellTopology
{
    /// <summary>Places that hold the outputs of the two cells before.</summary>
    public const int InputCount = 2;

    /// <summary>Intermediate nodes; their concatenation is the output of the cell.</summary>
    public const int NodeCount = 4;

    /// <summary>Edges of a cell: rows of alpha.</summary>
    public const int EdgeCount = 14;

    /// <summary>Edges that each node keeps when the cell is discretised.</summary>
    public const int EdgesKeptPerNode = 2;

    /// <summary>The first edge of a node; its edge from place <c>i</c> is <c>FirstEdge(node) + i</c>.</summary>
    /// <param name="node">2 to 5.</param>
    public static int FirstEdge(int node) => ((node * (node - 1)) / 2) - 1;

    /// <summary>The edges of a node: one from each of the places <c>0 .. node - 1</c>.</summary>
    /// <param name="node">2 to 5.</param>
    public static int EdgesInto(int node) => node;
}
