using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>What <see cref="NumericMode.Integer"/> needs: the whole network in integers, made when the model was exported (docs/model-format.md, section 8).</summary>
public sealed record IntegerInfo
{
    /// <summary>The most bits that a result is shifted to the right by, but for that of a <see cref="IntegerAverage"/>.</summary>
    internal const int MostShift = 30;

    /// <summary>How pixels become numbers.</summary>
    public required IntegerImage Image { get; init; }

    /// <summary>The integers of every node that has some: all but 1-bit convolutions, pools, relu, identities, and concatenations of bits or sums.</summary>
    public required IReadOnlyDictionary<string, IntegerNode> Nodes { get; init; }

    /// <summary>How many images the integers were found on.</summary>
    public required long CalibrationImages { get; init; }

    /// <summary>How near the results were to those of <see cref="NumericMode.Exact"/>, measured on other images; <see cref="FixedPointAgreement.FastTop1"/> is that of this mode.</summary>
    public required FixedPointAgreement Agreement { get; init; }

    /// <summary>The exponent of every value whose kind is real, the image included: the 16-bit number q stands for <c>q * 2^-exponent</c>.</summary>
    /// <param name="graph">The graph that the integers belong to.</param>
    public IReadOnlyDictionary<string, int> Exponents(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var exponents = new Dictionary<string, int>(StringComparer.Ordinal) { [ModelGraph.InputName] = Image.Exponent };
        foreach (var node in graph.Nodes.Where(node => graph.ShapeOf(node.Name).Kind == ValueKind.Real))
        {
            exponents.Add(node.Name, Nodes.TryGetValue(node.Name, out var integers) && integers.Exponent is { } exponent ? exponent : exponents[node.Inputs[0]]);
        }

        return exponents;
    }

    /// <summary>Bits of the numbers of every value whose kind is real, the image included: 8 or 16.</summary>
    /// <param name="graph">The graph that the integers belong to.</param>
    public IReadOnlyDictionary<string, int> Bits(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var bits = new Dictionary<string, int>(StringComparer.Ordinal) { [ModelGraph.InputName] = IntegerNode.WideBits };
        foreach (var node in graph.Nodes.Where(node => graph.ShapeOf(node.Name).Kind == ValueKind.Real))
        {
            bits.Add(node.Name, Nodes.TryGetValue(node.Name, out var integers) ? integers.Bits : bits[node.Inputs[0]]);
        }

        return bits;
    }

    /// <summary>Checks the integers against their graph: their sizes, and that no sum can overflow.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="preprocessing">How pixels become real numbers.</param>
    /// <exception cref="ModelFaultException">They do not fit.</exception>
    internal void Check(ModelGraph graph, Preprocessing? preprocessing)
    {
        const string Place = "the integer mode";
        if (preprocessing is null)
        {
            throw new ModelFaultException(Place, "preprocessing, which says what pixels are", "none");
        }

        Image.Check(graph.Input.Channels);
        var nodes = graph.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        foreach (var name in Nodes.Keys)
        {
            if (!nodes.TryGetValue(name, out var node) || !IntegerNode.BelongsTo(node, graph))
            {
                throw new ModelFaultException(Place, "names of nodes that have integers", $"'{name}'");
            }
        }

        foreach (var node in graph.Nodes.Where(node => IntegerNode.BelongsTo(node, graph)))
        {
            _ = Nodes.ContainsKey(node.Name) ? 0 : throw new ModelFaultException(Place, $"integers of node '{node.Name}'", "none");
        }

        var exponents = Exponents(graph);
        foreach (var node in graph.Nodes.Where(node => Nodes.ContainsKey(node.Name)))
        {
            Nodes[node.Name].CheckAll(node, graph, exponents);
        }

        NodeCheck.Range(Place, "calibration images", CalibrationImages, 1, long.MaxValue);
        Agreement.Check(Place);
    }
}
