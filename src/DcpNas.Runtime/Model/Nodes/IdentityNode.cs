namespace DcpNas.Runtime.Model;

/// <summary>Another name for a value; costs nothing.</summary>
public sealed class IdentityNode : GraphNode
{
    internal const string TypeName = "identity";

    internal IdentityNode(string name, string input)
        : base(name, [input])
    {
    }

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static IdentityNode Read(NodeSource source) => new(source.Name, source.Input());

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        return inputs[0];
    }

    internal override void Write(NodeSink sink)
    {
    }
}
