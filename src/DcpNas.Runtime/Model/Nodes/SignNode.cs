namespace DcpNas.Runtime.Model;

/// <summary>Real numbers to bits: the sign after a per-channel affine function, folded into one comparison.</summary>
public sealed class SignNode : GraphNode
{
    internal const string TypeName = "sign";

    internal SignNode(string name, string input, ReadOnlyMemory<float> thresholds, ReadOnlyMemory<ThresholdRule> rules)
        : base(name, [input])
    {
        Thresholds = thresholds;
        Rules = rules;
    }

    /// <summary>One per channel; infinite for a constant, never NaN.</summary>
    public ReadOnlyMemory<float> Thresholds { get; }

    /// <summary>One per channel.</summary>
    public ReadOnlyMemory<ThresholdRule> Rules { get; }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <inheritdoc/>
    public override long RealParameters => Thresholds.Length;

    internal static SignNode Read(NodeSource source) => new(source.Name, source.Input(), source.Floats("threshold"), source.Rules("rule"));

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        NodeCheck.Kind(Place, inputs[0], ValueKind.Real);
        NodeCheck.Length(Place, "threshold", Thresholds.Length, inputs[0].Channels);
        NodeCheck.Length(Place, "rule", Rules.Length, inputs[0].Channels);
        NodeCheck.Rules(Place, Rules.Span);
        foreach (var threshold in Thresholds.Span)
        {
            if (float.IsNaN(threshold))
            {
                throw new ModelFaultException(Place, "numbers in threshold", "NaN");
            }
        }

        return NodeCheck.Shape(Place, inputs[0] with { Kind = ValueKind.Bits });
    }

    internal override void Write(NodeSink sink)
    {
        sink.Tensor("threshold", Thresholds, Thresholds.Length);
        sink.Tensor("rule", Rules, Rules.Length);
    }
}
