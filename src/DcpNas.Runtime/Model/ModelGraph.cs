namespace DcpNas.Runtime.Model;

/// <summary>A checked graph: nodes in the order in which they run, with the shape of every value.</summary>
public sealed class ModelGraph
{
    /// <summary>The name of the value that the caller provides.</summary>
    public const string InputName = "image";

    private readonly Dictionary<string, ValueShape> _shapes;

    private ModelGraph(ValueShape input, IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphOutput> outputs, Dictionary<string, ValueShape> shapes)
    {
        Input = input;
        Nodes = nodes;
        Outputs = outputs;
        _shapes = shapes;
    }

    /// <summary>The shape of the image.</summary>
    public ValueShape Input { get; }

    /// <summary>The nodes; each reads only the image and values of nodes before it.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>The results, at least one.</summary>
    public IReadOnlyList<GraphOutput> Outputs { get; }

    /// <summary>The shape of a value.</summary>
    /// <exception cref="KeyNotFoundException">The graph has no such value.</exception>
    public ValueShape ShapeOf(string value) => _shapes.TryGetValue(value, out var shape) ? shape : throw new KeyNotFoundException($"Unknown value '{value}'.");

    /// <summary>Checks a graph and infers its shapes.</summary>
    /// <exception cref="ModelFaultException">It is not consistent.</exception>
    internal static ModelGraph Create(ValueShape input, IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphOutput> outputs)
    {
        NodeCheck.Range("the graph", "nodes", nodes.Count, 0, ModelLimits.Nodes);
        NodeCheck.Shape("the input", input);
        var shapes = new Dictionary<string, ValueShape>(StringComparer.Ordinal) { [InputName] = input };
        foreach (var node in nodes)
        {
            Add(shapes, node);
        }

        CheckOutputs(outputs, shapes);
        CheckAllRead(nodes, outputs);
        return new ModelGraph(input, nodes, outputs, shapes);
    }

    /// <summary>Checks one more node and stores its shape.</summary>
    /// <exception cref="ModelFaultException">It does not fit.</exception>
    internal static ValueShape Add(Dictionary<string, ValueShape> shapes, GraphNode node)
    {
        NodeCheck.Name(node.Place, node.Name);
        NodeCheck.Range(node.Place, "inputs", node.Inputs.Count, 1, ModelLimits.Inputs);
        var inputs = new ValueShape[node.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!shapes.TryGetValue(node.Inputs[i], out inputs[i]))
            {
                throw new ModelFaultException(node.Place, "inputs that nodes before it make", $"'{node.Inputs[i]}'");
            }
        }

        var shape = node.Infer(inputs);
        return shapes.TryAdd(node.Name, shape) ? shape : throw new ModelFaultException(node.Place, "a name of its own", "one that is taken");
    }

    private static void CheckOutputs(IReadOnlyList<GraphOutput> outputs, Dictionary<string, ValueShape> shapes)
    {
        NodeCheck.Range("the graph", "outputs", outputs.Count, 1, ModelLimits.Inputs);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in outputs)
        {
            var place = $"output '{name}'";
            NodeCheck.Name(place, name);
            if (!names.Add(name))
            {
                throw new ModelFaultException(place, "a name of its own", "one that is taken");
            }

            if (!shapes.TryGetValue(value, out var shape))
            {
                throw new ModelFaultException(place, "the name of a value", $"'{value}'");
            }

            NodeCheck.Kind(place, shape, ValueKind.Real);
        }
    }

    private static void CheckAllRead(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphOutput> outputs)
    {
        var read = new HashSet<string>(nodes.SelectMany(node => node.Inputs).Concat(outputs.Select(output => output.Value)), StringComparer.Ordinal);
        if (nodes.FirstOrDefault(node => !read.Contains(node.Name)) is { } unread)
        {
            throw new ModelFaultException(unread.Place, "a reader or an output of its value", "neither");
        }
    }
}
