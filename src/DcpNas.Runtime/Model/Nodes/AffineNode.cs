namespace DcpNas.Runtime.Model;

/// <summary>What follows a convolution: <c>prelu(scale * input + bias + shortcut) + shift</c>, per channel. Also a batch normalisation, also an RPReLU.</summary>
/// <remarks>
/// float32, every operation rounded, from left to right: <c>t = scale * x; t = t + bias; t = t + shortcut; t = t &lt; 0 ? slope * t : t; t = t + shift</c>; what is
/// absent is left out. Sums are converted to float32 first, which is exact. The first shift of an RPReLU is part of the bias.
/// </remarks>
public sealed class AffineNode : GraphNode
{
    internal const string TypeName = "affine";

    internal AffineNode(
        string name, IReadOnlyList<string> inputs, ReadOnlyMemory<float> scale, ReadOnlyMemory<float> bias, ReadOnlyMemory<float>? slope, ReadOnlyMemory<float>? shift)
        : base(name, inputs)
    {
        Scale = scale;
        Bias = bias;
        Slope = slope;
        Shift = shift;
    }

    /// <summary>One per channel.</summary>
    public ReadOnlyMemory<float> Scale { get; }

    /// <summary>One per channel.</summary>
    public ReadOnlyMemory<float> Bias { get; }

    /// <summary>One per channel, or null where there is no PReLU.</summary>
    public ReadOnlyMemory<float>? Slope { get; }

    /// <summary>One per channel, or null.</summary>
    public ReadOnlyMemory<float>? Shift { get; }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <inheritdoc/>
    public override long RealParameters => Scale.Length + Bias.Length + (Slope?.Length ?? 0) + (Shift?.Length ?? 0);

    internal static AffineNode Read(NodeSource source) =>
        new(source.Name, source.Inputs, source.Floats("scale"), source.Floats("bias"), source.OptionalFloats("slope"), source.OptionalFloats("shift"));

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 2);
        var input = inputs[0];
        if (input.Kind == ValueKind.Bits)
        {
            throw new ModelFaultException(Place, "an input of real or sums", $"{input}");
        }

        var output = NodeCheck.Shape(Place, input with { Kind = ValueKind.Real, SumBound = 0 });
        if (inputs.Length == 2 && inputs[1] != output)
        {
            throw new ModelFaultException(Place, $"a shortcut of {output}", $"{inputs[1]}");
        }

        Check("scale", Scale);
        Check("bias", Bias);
        Check("slope", Slope);
        Check("shift", Shift);
        return output;

        void Check(string tensor, ReadOnlyMemory<float>? values)
        {
            if (values is { } present)
            {
                NodeCheck.Length(Place, tensor, present.Length, input.Channels);
                NodeCheck.Finite(Place, tensor, present.Span);
            }
        }
    }

    internal override void Write(NodeSink sink)
    {
        sink.Tensor("scale", Scale, Scale.Length);
        sink.Tensor("bias", Bias, Bias.Length);
        sink.Tensor("slope", Slope, Slope?.Length ?? 0);
        sink.Tensor("shift", Shift, Shift?.Length ?? 0);
    }
}
