namespace DcpNas.Runtime.Model;

/// <summary>Writes a graph node by node and makes a model of it.</summary>
/// <remarks>
/// Every method checks its node against its inputs, adds it and returns its value. Nodes run in the order in which they were added. Weights come in the
/// layout of libtorch, <c>[out][in][ky][kx]</c>, and are copied. A node that does not fit is an <see cref="ArgumentException"/> that names the node.
/// </remarks>
public sealed partial class GraphBuilder
{
    private readonly ValueShape _input;
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphOutput> _outputs = [];
    private readonly Dictionary<string, ValueShape> _shapes = new(StringComparer.Ordinal);

    /// <summary>Starts a graph.</summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="channels">Channels of the image: 3 for colour.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public GraphBuilder(int height, int width, int channels)
    {
        _input = Checked(() => NodeCheck.Shape("the input", new ValueShape(ValueKind.Real, height, width, channels)));
        _shapes.Add(ModelGraph.InputName, _input);
        Image = new GraphValue(this, ModelGraph.InputName, _input);
    }

    /// <summary>The image, normalised.</summary>
    public GraphValue Image { get; }

    /// <summary>The values made so far, the image first.</summary>
    public IEnumerable<GraphValue> Values => [Image, .. _nodes.Select(node => new GraphValue(this, node.Name, _shapes[node.Name]))];

    /// <summary>Makes a value a result.</summary>
    /// <param name="name">What callers of the model ask for: <see cref="GraphOutput.Logits"/>, <see cref="GraphOutput.Embedding"/> or another name.</param>
    /// <param name="value">A value of reals.</param>
    public void Output(string name, GraphValue value) => _outputs.Add(new GraphOutput(name, NameOf(value)));

    /// <summary>Checks the whole and makes the model.</summary>
    /// <param name="info">What else the file says.</param>
    /// <exception cref="ArgumentException">There is no output, a value is not read, or the information does not fit.</exception>
    public PackedModel Build(ModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return Checked(() => new PackedModel(ModelGraph.Create(_input, [.. _nodes], [.. _outputs]), info));
    }

    private GraphValue Add(GraphNode node) => new(this, node.Name, Checked(() => ModelGraph.Add(_shapes, node), () => _nodes.Add(node)));

    private string NameOf(GraphValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Owner == this ? value.Name : throw new ArgumentException($"Value '{value.Name}' must belong to this builder, got one of another.", nameof(value));
    }

    private static T Checked<T>(Func<T> work, Action? done = null)
    {
        T result;
        try
        {
            result = work();
        }
        catch (ModelFaultException fault)
        {
            throw fault.InArgument();
        }

        done?.Invoke();
        return result;
    }
}
