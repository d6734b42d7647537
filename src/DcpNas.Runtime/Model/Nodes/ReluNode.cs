namespace DcpNas.Runtime.Model;

/// <summary><c>x &gt; 0 ? x : 0</c>; NaN gives 0.</summary>
public sealed class ReluNode : GraphNode
{
    internal const string TypeName = "relu";

    internal ReluNode(string name, string input)
        : base(name, [input])
    {
    }

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static ReluNode Read(NodeSource source) => new(source.Name, source.Input());

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        NodeCheck.Kind(Place, inputs[0], ValueKind.Real);
        return inputs[0];
    }

    internal override void Write(NodeSink sink)
    {
    }
}
