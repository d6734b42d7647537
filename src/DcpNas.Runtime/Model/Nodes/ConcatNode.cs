namespace DcpNas.Runtime.Model;

/// <summary>The channels of several maps of one kind and size, one after the other.</summary>
public sealed class ConcatNode : GraphNode
{
    internal const string TypeName = "concat";

    internal ConcatNode(string name, IReadOnlyList<string> inputs)
        : base(name, inputs)
    {
    }

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static ConcatNode Read(NodeSource source) => new(source.Name, source.Inputs);

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 2, ModelLimits.Inputs);
        var (first, channels, bound) = (inputs[0], 0, 0);
        foreach (var input in inputs)
        {
            if ((input.Kind, input.Height, input.Width) != (first.Kind, first.Height, first.Width))
            {
                throw new ModelFaultException(Place, $"inputs of {ValueShape.NameOf(first.Kind)} {first.Height}x{first.Width}", $"{input}");
            }

            channels += input.Channels; // at most 2^10 inputs of 2^16 channels
            bound = int.Max(bound, input.SumBound);
        }

        return NodeCheck.Shape(Place, first with { Channels = channels, SumBound = bound });
    }

    internal override void Write(NodeSink sink)
    {
    }
}
