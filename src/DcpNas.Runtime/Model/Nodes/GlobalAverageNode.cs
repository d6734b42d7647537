namespace DcpNas.Runtime.Model;

/// <summary>The mean of each channel over the image: float32 sum by row, then column, starting at +0, divided by the number of pixels.</summary>
public sealed class GlobalAverageNode : GraphNode
{
    internal const string TypeName = "global_average";

    internal GlobalAverageNode(string name, string input)
        : base(name, [input])
    {
    }

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static GlobalAverageNode Read(NodeSource source) => new(source.Name, source.Input());

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        NodeCheck.Kind(Place, inputs[0], ValueKind.Real);
        return inputs[0] with { Height = 1, Width = 1 };
    }

    internal override void Write(NodeSink sink)
    {
    }
}
