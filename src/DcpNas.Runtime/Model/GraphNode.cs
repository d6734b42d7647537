namespace DcpNas.Runtime.Model;

/// <summary>One step of a graph: it reads values and makes one value, which carries its name.</summary>
public abstract class GraphNode
{
    private protected GraphNode(string name, IReadOnlyList<string> inputs)
    {
        Name = name;
        Inputs = inputs;
    }

    /// <summary>The name of the node and of its value; unique in a graph, of the characters <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public string Name { get; }

    /// <summary>Names of the values that it reads, in order.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>What the file calls this kind of node.</summary>
    public abstract string Type { get; }

    /// <summary>Weights of one bit.</summary>
    public virtual long BinaryWeights => 0;

    /// <summary>Numbers of 32 bits: weights, biases, scales, slopes, thresholds.</summary>
    public virtual long RealParameters => 0;

    /// <summary>What messages call it.</summary>
    internal string Place => $"node '{Name}'";

    /// <summary>Checks the node against its inputs and gives the shape of its value.</summary>
    /// <exception cref="ModelFaultException">It does not fit.</exception>
    internal abstract ValueShape Infer(ReadOnlySpan<ValueShape> inputs);

    /// <summary>Hands over attributes and tensors.</summary>
    internal abstract void Write(NodeSink sink);
}
