namespace DcpNas.Runtime.Model;

/// <summary>A fully connected layer on a vector: <c>y[o] = bias[o] + sum over i of weight[o][i] * x[i]</c>.</summary>
/// <remarks>float32: starting at the bias, the products are added one by one in the order of the inputs, each product and each sum rounded.</remarks>
public sealed class LinearNode : GraphNode
{
    internal const string TypeName = "linear";

    internal LinearNode(string name, string input, ReadOnlyMemory<float> weight, int[] weightShape, ReadOnlyMemory<float>? bias)
        : base(name, [input])
    {
        Weight = weight;
        WeightShape = weightShape;
        Bias = bias;
    }

    /// <summary><c>[out][in]</c>.</summary>
    public ReadOnlyMemory<float> Weight { get; }

    /// <summary>One per output, or null.</summary>
    public ReadOnlyMemory<float>? Bias { get; }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <inheritdoc/>
    public override long RealParameters => Weight.Length + (Bias?.Length ?? 0);

    /// <summary>The sizes of the weights.</summary>
    internal int[] WeightShape { get; }

    internal static LinearNode Read(NodeSource source)
    {
        var weight = source.Floats("weight", rank: 2, out var shape);
        return new(source.Name, source.Input(), weight, shape, source.OptionalFloats("bias"));
    }

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        var input = inputs[0];
        NodeCheck.Kind(Place, input, ValueKind.Real);
        if (input.Height != 1 || input.Width != 1)
        {
            throw new ModelFaultException(Place, "an input of one pixel", $"{input}");
        }

        if (WeightShape[1] != input.Channels)
        {
            throw new ModelFaultException(Place, $"weight of shape [*, {input.Channels}]", $"[{string.Join(", ", WeightShape)}]");
        }

        NodeCheck.Length(Place, "weight", Weight.Length, (long)WeightShape[0] * WeightShape[1]);
        NodeCheck.Finite(Place, "weight", Weight.Span);
        if (Bias is { } bias)
        {
            NodeCheck.Length(Place, "bias", bias.Length, WeightShape[0]);
            NodeCheck.Finite(Place, "bias", bias.Span);
        }

        return NodeCheck.Shape(Place, input with { Channels = WeightShape[0] });
    }

    internal override void Write(NodeSink sink)
    {
        sink.Tensor("weight", Weight, WeightShape);
        sink.Tensor("bias", Bias, Bias?.Length ?? 0);
    }
}
