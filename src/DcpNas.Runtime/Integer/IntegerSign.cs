using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>Signs by whole thresholds, under the rules of the node.</summary>
public sealed class IntegerSign : IntegerNode
{
    internal IntegerSign(ReadOnlyMemory<short> threshold) => Threshold = threshold;

    /// <summary>One per channel, for numbers of the exponent of the input.</summary>
    public ReadOnlyMemory<short> Threshold { get; }

    internal static IntegerSign Read(NodeSource source) => new(source.Shorts("integer_threshold"));

    private protected override void Check(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents) =>
        NodeCheck.Length(node.Place, "integer_threshold", Threshold.Length, ((SignNode)node).Thresholds.Length);

    private protected override void Write(NodeSink sink, GraphNode node) => sink.Tensor("integer_threshold", Threshold, Threshold.Length);
}
