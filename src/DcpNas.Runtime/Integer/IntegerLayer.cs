using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>A real convolution or a fully connected layer: <c>sat((high(sum of weight * input, multiplier) + bias) >> right shift)</c>, where high takes the upper 32 of 48 bits.</summary>
public sealed class IntegerLayer : IntegerNode
{
    private const int LargestBias = 1 << 30;

    internal IntegerLayer(int exponent, int rightShift, ReadOnlyMemory<short> weight, ReadOnlyMemory<short> multiplier, ReadOnlyMemory<int> bias) =>
        (Exponent, RightShift, Weight, Multiplier, Bias) = (exponent, rightShift, weight, multiplier, bias);

    /// <inheritdoc/>
    public override int? Exponent { get; }

    /// <summary>Bits, 0 to 30.</summary>
    public int RightShift { get; }

    /// <summary>As the weights of the node, -32767 to 32767. A file holds them in 8 bits where all are from -127 to 127.</summary>
    public ReadOnlyMemory<short> Weight { get; }

    /// <summary>One per output channel, at least 0.</summary>
    public ReadOnlyMemory<short> Multiplier { get; }

    /// <summary>One per output channel; what rounds is part of it.</summary>
    public ReadOnlyMemory<int> Bias { get; }

    internal static IntegerLayer Read(NodeSource source, int[] weightShape) => new(
        source.Integer("exponent"), source.Integer("right_shift"), source.IntegerWeights("integer_weight", weightShape), source.Shorts("integer_multiplier"), source.Ints("integer_bias"));

    private protected override void Check(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents)
    {
        CheckExponent(node, Exponent!.Value);
        CheckShift(node, RightShift);
        var outputs = graph.ShapeOf(node.Name).Channels;
        NodeCheck.Length(node.Place, "integer_weight", Weight.Length, node.RealParameters - BiasOf(node));
        NodeCheck.Length(node.Place, "integer_multiplier", Multiplier.Length, outputs);
        NodeCheck.Length(node.Place, "integer_bias", Bias.Length, outputs);
        var depthwise = node is ConvolutionNode { Depthwise: true };
        var sizes = SumsOfSizes(node.Place, Weight.Span, outputs, depthwise);
        for (var output = 0; output < outputs; output++)
        {
            NodeCheck.Range(node.Place, $"sum of the integer weights' sizes of output channel {output}", sizes[output], 0, int.MaxValue / Number16.Bound);
            NodeCheck.Range(node.Place, "an integer multiplier", Multiplier.Span[output], 0, short.MaxValue);
            NodeCheck.Range(node.Place, "an integer bias", Bias.Span[output], -LargestBias, LargestBias);
        }
    }

    private protected override void Write(NodeSink sink, GraphNode node)
    {
        sink.Attribute("exponent", Exponent!.Value);
        sink.Attribute("right_shift", RightShift);
        sink.IntegerWeights("integer_weight", Weight, node is ConvolutionNode convolution ? convolution.WeightShape : ((LinearNode)node).WeightShape);
        sink.Tensor("integer_multiplier", Multiplier, Multiplier.Length);
        sink.Tensor("integer_bias", Bias, Bias.Length);
    }

    private static int BiasOf(GraphNode node) => (node is ConvolutionNode convolution ? convolution.Bias : ((LinearNode)node).Bias)?.Length ?? 0;

    private static long[] SumsOfSizes(string place, ReadOnlySpan<short> weights, int outputs, bool depthwise)
    {
        var sums = new long[outputs];
        var terms = weights.Length / outputs;
        for (var i = 0; i < weights.Length; i++)
        {
            NodeCheck.Range(place, "an integer weight", weights[i], -short.MaxValue, short.MaxValue);
            sums[depthwise ? i % outputs : i / terms] += Math.Abs((int)weights[i]);
        }

        return sums;
    }
}
