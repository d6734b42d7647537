namespace DcpNas.Runtime.Model;

/// <summary>A convolution of 1-bit weights and 1-bit activations. Gives whole numbers, or, with thresholds, bits.</summary>
/// <remarks>
/// The sum of one output is <c>(products of equal signs) - (products of different signs)</c> over the taps in the image; a tap outside of it
/// contributes nothing. Exact on every machine.
/// </remarks>
public sealed class BinaryConvolutionNode : GraphNode
{
    internal const string TypeName = "binary_convolution";

    internal BinaryConvolutionNode(
        string name, string input, SignWeights weights, ConvolutionGeometry geometry, ReadOnlyMemory<int>? thresholds, ReadOnlyMemory<ThresholdRule>? rules)
        : base(name, [input])
    {
        Weights = weights;
        Geometry = geometry;
        Thresholds = thresholds;
        Rules = rules;
    }

    /// <summary>The signs of the weights.</summary>
    public SignWeights Weights { get; }

    /// <summary>Where the taps lie.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>One per output channel, compared with the sum; null where the sums are the result.</summary>
    public ReadOnlyMemory<int>? Thresholds { get; }

    /// <summary>One per output channel, or null like <see cref="Thresholds"/>.</summary>
    public ReadOnlyMemory<ThresholdRule>? Rules { get; }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <inheritdoc/>
    public override long BinaryWeights => Weights.Count;

    /// <inheritdoc/>
    public override long RealParameters => Thresholds?.Length ?? 0;

    internal static BinaryConvolutionNode Read(NodeSource source)
    {
        var geometry = source.Geometry();
        return new(source.Name, source.Input(), source.SignWeights(geometry), geometry, source.OptionalInts("threshold"), source.OptionalRules("rule"));
    }

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        NodeCheck.Kind(Place, inputs[0], ValueKind.Bits);
        NodeCheck.Range(Place, "kernel", Geometry.Kernel, Weights.Kernel, Weights.Kernel);
        Weights.Check(Place, inputs[0].Channels);
        if (Thresholds is null != Rules is null)
        {
            throw new ModelFaultException(Place, "threshold and rule together", Rules is null ? "no rule" : "no threshold");
        }

        if (Thresholds is not { } thresholds)
        {
            return Geometry.Apply(Place, inputs[0], ValueKind.Sums, Weights.OutChannels, (int)Weights.Terms);
        }

        NodeCheck.Length(Place, "threshold", thresholds.Length, Weights.OutChannels);
        NodeCheck.Length(Place, "rule", Rules!.Value.Length, Weights.OutChannels);
        NodeCheck.Rules(Place, Rules.Value.Span);
        return Geometry.Apply(Place, inputs[0], ValueKind.Bits, Weights.OutChannels);
    }

    internal override void Write(NodeSink sink)
    {
        sink.Geometry(Geometry);
        sink.Signs(Weights);
        sink.Tensor("threshold", Thresholds, Thresholds?.Length ?? 0);
        sink.Tensor("rule", Rules, Rules?.Length ?? 0);
    }
}
