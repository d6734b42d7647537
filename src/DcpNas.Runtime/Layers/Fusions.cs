using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Which signs are taken while the affine function before them runs: the reals are not read again, and not written where nobody else reads them.</summary>
/// <remarks>Of several signs of one value the first is fused. Results are the same bits with and without.</remarks>
internal sealed class Fusions
{
    private readonly Dictionary<string, SignNode> _signs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>Looks for pairs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="none">Whether every node is to run by itself.</param>
    public Fusions(ModelGraph graph, bool none)
    {
        if (none)
        {
            return;
        }

        var affines = graph.Nodes.OfType<AffineNode>().Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (node is not SignNode sign || !affines.Contains(sign.Inputs[0]) || !_signs.TryAdd(sign.Inputs[0], sign))
            {
                _written.UnionWith(node.Inputs);
            }
        }

        _written.UnionWith(graph.Outputs.Select(output => output.Value));
    }

    /// <summary>The sign that an affine function takes, or null.</summary>
    public SignNode? SignOf(GraphNode node) => _signs.GetValueOrDefault(node.Name);

    /// <summary>Whether a node is a sign that its affine function takes.</summary>
    public bool IsFused(GraphNode node) => node is SignNode && _signs.TryGetValue(node.Inputs[0], out var sign) && sign == node;

    /// <summary>Whether the reals of a node that takes a sign are written.</summary>
    public bool IsWritten(GraphNode node) => SignOf(node) is null || _written.Contains(node.Name);
}
