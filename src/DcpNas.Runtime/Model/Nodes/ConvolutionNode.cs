namespace DcpNas.Runtime.Model;

/// <summary>A real convolution: <c>relu(bias + sum of weight * input)</c>. Batch normalisation is folded into weight and bias.</summary>
/// <remarks>float32: starting at the bias, the products are added one by one in the order <c>ky, kx, input channel</c>, each product and each sum rounded.</remarks>
public sealed class ConvolutionNode : GraphNode
{
    internal const string TypeName = "convolution";

    internal ConvolutionNode(string name, string input, ReadOnlyMemory<float> weight, int[] weightShape, ReadOnlyMemory<float>? bias, ConvolutionGeometry geometry, bool depthwise, bool relu)
        : base(name, [input])
    {
        Weight = weight;
        WeightShape = weightShape;
        Bias = bias;
        Geometry = geometry;
        Depthwise = depthwise;
        Relu = relu;
    }

    /// <summary><c>[out][ky][kx][in]</c>; depthwise <c>[ky][kx][channel]</c>.</summary>
    public ReadOnlyMemory<float> Weight { get; }

    /// <summary>One number per output channel, or null.</summary>
    public ReadOnlyMemory<float>? Bias { get; }

    /// <summary>Where the taps lie.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>Whether each channel has its own filter.</summary>
    public bool Depthwise { get; }

    /// <summary>Whether negative results become 0.</summary>
    public bool Relu { get; }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <inheritdoc/>
    public override long RealParameters => Weight.Length + (Bias?.Length ?? 0);

    /// <summary>The sizes of the weights.</summary>
    internal int[] WeightShape { get; }

    internal static ConvolutionNode Read(NodeSource source)
    {
        var depthwise = source.Flag("depthwise");
        var weight = source.Floats("weight", rank: depthwise ? 3 : 4, out var shape);
        return new ConvolutionNode(source.Name, source.Input(), weight, shape, source.OptionalFloats("bias"), source.Geometry(), depthwise, source.Flag("relu"));
    }

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        var input = inputs[0];
        NodeCheck.Kind(Place, input, ValueKind.Real);
        var outChannels = Depthwise ? WeightShape[^1] : WeightShape[0];
        var output = Geometry.Apply(Place, input, ValueKind.Real, outChannels);
        int[] expected = Depthwise ? [Geometry.Kernel, Geometry.Kernel, input.Channels] : [outChannels, Geometry.Kernel, Geometry.Kernel, input.Channels];
        if (!WeightShape.AsSpan().SequenceEqual(expected))
        {
            throw new ModelFaultException(Place, $"weight of shape [{string.Join(", ", expected)}]", $"[{string.Join(", ", WeightShape)}]");
        }

        NodeCheck.Length(Place, "weight", Weight.Length, expected.Aggregate(1L, (product, size) => product * size));
        NodeCheck.Finite(Place, "weight", Weight.Span);
        if (Bias is { } bias)
        {
            NodeCheck.Length(Place, "bias", bias.Length, outChannels);
            NodeCheck.Finite(Place, "bias", bias.Span);
        }

        return output;
    }

    internal override void Write(NodeSink sink)
    {
        sink.Geometry(Geometry);
        sink.Attribute("depthwise", Depthwise);
        sink.Attribute("relu", Relu);
        sink.Tensor("weight", Weight, WeightShape);
        sink.Tensor("bias", Bias, Bias?.Length ?? 0);
    }
}
