using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Gives each value a place in the workspace; values whose lives do not overlap may share one.</summary>
/// <remarks>
/// A value lives from the node that makes it to the last node that reads it; the image from the start, outputs to the end. Identities are the value they
/// rename. A fused sign is made with the value before it. Each value takes the lowest gap that fits, in the order in which values are made.
/// </remarks>
internal sealed class MemoryPlanner
{
    /// <summary>Values begin at a multiple of a cache line, which is also the longest vector.</summary>
    public const int Alignment = 64;

    private readonly Dictionary<string, string> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastUse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, long Bytes)> _places = new(StringComparer.Ordinal);

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="keepAll">Whether every value lives to the end.</param>
    public MemoryPlanner(ModelGraph graph, bool keepAll)
    {
        Fusions = new Fusions(graph, none: keepAll);
        FindLives(graph, keepAll);
        List<(long Offset, long Bytes, int LastUse)> live = [];
        Place(ModelGraph.InputName, graph.Input, live);
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            live.RemoveAll(place => place.LastUse < i);
            foreach (var value in ValuesOf(graph.Nodes[i]))
            {
                Place(value, graph.ShapeOf(value), live);
            }
        }
    }

    /// <summary>Which nodes run together.</summary>
    public Fusions Fusions { get; }

    /// <summary>Bytes of the workspace.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>The place of a value; <see cref="TotalBytes"/> must have been found to fit an array.</summary>
    public Slot this[string value]
    {
        get
        {
            var (offset, bytes) = _places[_roots[value]];
            return new Slot(checked((int)offset), checked((int)bytes));
        }
    }

    private void FindLives(ModelGraph graph, bool keepAll)
    {
        _roots[ModelGraph.InputName] = ModelGraph.InputName;
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            _roots[node.Name] = node is IdentityNode ? _roots[node.Inputs[0]] : node.Name;
            foreach (var input in Fusions.IsFused(node) ? [] : node.Inputs)
            {
                _lastUse[_roots[input]] = i;
            }
        }

        foreach (var value in keepAll ? [.. _roots.Values] : graph.Outputs.Select(output => _roots[output.Value]))
        {
            _lastUse[value] = int.MaxValue;
        }
    }

    /// <summary>The values that a node makes when it runs: none, one, or with the sign that it takes two.</summary>
    private IEnumerable<string> ValuesOf(GraphNode node)
    {
        if (node is IdentityNode || Fusions.IsFused(node))
        {
            yield break;
        }

        if (Fusions.IsWritten(node))
        {
            yield return node.Name;
        }

        if (Fusions.SignOf(node) is { } sign)
        {
            yield return sign.Name;
        }
    }

    private void Place(string value, ValueShape shape, List<(long Offset, long Bytes, int LastUse)> live)
    {
        var bytes = (shape.Bytes + Alignment - 1) / Alignment * Alignment;
        var offset = 0L;
        var index = 0;
        while (index < live.Count && live[index].Offset - offset < bytes)
        {
            offset = live[index].Offset + live[index].Bytes;
            index++;
        }

        live.Insert(index, (offset, bytes, _lastUse.GetValueOrDefault(value, -1)));
        _places[value] = (offset, shape.Bytes);
        TotalBytes = long.Max(TotalBytes, offset + bytes);
    }
}
