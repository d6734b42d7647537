namespace DcpNas.Runtime.Model;

/// <summary>The sum of two or more real maps of one shape, added from left to right in float32.</summary>
public sealed class AddNode : GraphNode
{
    internal const string TypeName = "add";

    internal AddNode(string name, IReadOnlyList<string> inputs)
        : base(name, inputs)
    {
    }

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static AddNode Read(NodeSource source) => new(source.Name, source.Inputs);

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 2, ModelLimits.Inputs);
        NodeCheck.Kind(Place, inputs[0], ValueKind.Real);
        foreach (var input in inputs)
        {
            if (input != inputs[0])
            {
                throw new ModelFaultException(Place, $"inputs of {inputs[0]}", $"{input}");
            }
        }

        return inputs[0];
    }

    internal override void Write(NodeSink sink)
    {
    }
}
