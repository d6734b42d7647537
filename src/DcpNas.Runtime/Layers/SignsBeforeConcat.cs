using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Takes the signs of a concatenation before it: bits are put side by side instead of reals, and each part can be signed where it is made.</summary>
/// <remarks>Only where nothing but signs reads the concatenation. The bits are the same.</remarks>
internal static class SignsBeforeConcat
{
    /// <summary>The graph with such signs moved; values that are left keep their names.</summary>
    public static ModelGraph Rewrite(ModelGraph graph)
    {
        var concats = Candidates(graph);
        var added = graph.Nodes.OfType<SignNode>().Where(sign => concats.ContainsKey(sign.Inputs[0])).Sum(sign => (long)concats[sign.Inputs[0]].Inputs.Count);
        if (concats.Count == 0 || graph.Nodes.Count + added > ModelLimits.Nodes)
        {
            return graph;
        }

        var names = graph.Nodes.Select(node => node.Name).Append(ModelGraph.InputName).ToHashSet(StringComparer.Ordinal);
        var number = 0;
        var nodes = new List<GraphNode>();
        foreach (var node in graph.Nodes.Where(node => !concats.ContainsKey(node.Name)))
        {
            if (node is not SignNode sign || !concats.TryGetValue(sign.Inputs[0], out var concat))
            {
                nodes.Add(node);
                continue;
            }

            var parts = new List<string>();
            var channel = 0;
            foreach (var part in concat.Inputs)
            {
                var channels = graph.ShapeOf(part).Channels;
                nodes.Add(new SignNode(Free(), part, sign.Thresholds.Slice(channel, channels), sign.Rules.Slice(channel, channels)));
                parts.Add(nodes[^1].Name);
                channel += channels;
            }

            nodes.Add(new ConcatNode(sign.Name, parts));
        }

        return ModelGraph.Create(graph.Input, nodes, graph.Outputs);

        string Free()
        {
            string name;
            do
            {
                name = $"part.{number++}";
            }
            while (!names.Add(name));
            return name;
        }
    }

    private static Dictionary<string, ConcatNode> Candidates(ModelGraph graph)
    {
        var others = graph.Nodes.Where(node => node is not SignNode).SelectMany(node => node.Inputs).Concat(graph.Outputs.Select(output => output.Value)).ToHashSet(StringComparer.Ordinal);
        return graph.Nodes.OfType<ConcatNode>().Where(node => graph.ShapeOf(node.Name).Kind == ValueKind.Real && !others.Contains(node.Name))
            .ToDictionary(node => node.Name, StringComparer.Ordinal);
    }
}
