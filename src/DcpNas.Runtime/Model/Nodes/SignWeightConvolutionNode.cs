namespace DcpNas.Runtime.Model;

/// <summary>A convolution of 1-bit weights and real activations: sums and differences of inputs.</summary>
/// <remarks>float32; the inputs are added or subtracted one by one in the order <c>ky, kx, input channel</c>, starting at +0, each sum rounded.</remarks>
public sealed class SignWeightConvolutionNode : GraphNode
{
    internal const string TypeName = "sign_weight_convolution";

    internal SignWeightConvolutionNode(string name, string input, SignWeights weights, ConvolutionGeometry geometry)
        : base(name, [input])
    {
        Weights = weights;
        Geometry = geometry;
    }

    /// <summary>The signs of the weights.</summary>
    public SignWeights Weights { get; }

    /// <summary>Where the taps lie.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <inheritdoc/>
    public override long BinaryWeights => Weights.Count;

    internal static SignWeightConvolutionNode Read(NodeSource source)
    {
        var geometry = source.Geometry();
        return new(source.Name, source.Input(), source.SignWeights(geometry), geometry);
    }

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        NodeCheck.Kind(Place, inputs[0], ValueKind.Real);
        NodeCheck.Range(Place, "kernel", Geometry.Kernel, Weights.Kernel, Weights.Kernel);
        Weights.Check(Place, inputs[0].Channels);
        return Geometry.Apply(Place, inputs[0], ValueKind.Real, Weights.OutChannels);
    }

    internal override void Write(NodeSink sink)
    {
        sink.Geometry(Geometry);
        sink.Signs(Weights);
    }
}
