using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>An affine function: <c>(input * multiplier + bias) >> right shift</c>, shortcut, slope, offset.</summary>
public sealed class IntegerAffine : IntegerNode
{
    /// <summary>The most bits of <see cref="SlopeShift"/>.</summary>
    internal const int MostSlopeShift = 15;

    /// <summary>The most that a product and its bias are together, so that a shortcut can still be added in 32 bits.</summary>
    internal const long Largest = int.MaxValue - 0xffff;

    internal IntegerAffine(
        int exponent, int rightShift, int? slopeShift, ReadOnlyMemory<short> multiplier, ReadOnlyMemory<int> bias, ReadOnlyMemory<short>? slope, ReadOnlyMemory<short>? offset) =>
        (Exponent, RightShift, SlopeShift, Multiplier, Bias, Slope, Offset) = (exponent, rightShift, slopeShift, multiplier, bias, slope, offset);

    /// <inheritdoc/>
    public override int? Exponent { get; }

    /// <summary>Bits, 0 to 30.</summary>
    public int RightShift { get; }

    /// <summary>Bits that a product with a slope is shifted to the right by, rounding, 0 to 15; null where there is no slope.</summary>
    public int? SlopeShift { get; }

    /// <summary>One per channel.</summary>
    public ReadOnlyMemory<short> Multiplier { get; }

    /// <summary>One per channel; what rounds is part of it.</summary>
    public ReadOnlyMemory<int> Bias { get; }

    /// <summary>One per channel, or null where the node has none.</summary>
    public ReadOnlyMemory<short>? Slope { get; }

    /// <summary>What is added at the end, one per channel, or null where the node has no shift.</summary>
    public ReadOnlyMemory<short>? Offset { get; }

    internal static IntegerAffine Read(NodeSource source, AffineNode node) => new(
        source.Integer("exponent"),
        source.Integer("right_shift"),
        node.Slope is null ? null : source.Integer("slope_shift"),
        source.Shorts("integer_multiplier"),
        source.Ints("integer_bias"),
        Maybe(node.Slope, source, "integer_slope"),
        Maybe(node.Shift, source, "integer_offset"));

    private protected override void Check(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents)
    {
        var affine = (AffineNode)node;
        CheckExponent(node, Exponent!.Value);
        CheckShift(node, RightShift);
        foreach (var shortcut in node.Inputs.Skip(1))
        {
            CheckTerm(node, Exponent.Value, shortcut, exponents);
        }

        var channels = affine.Scale.Length;
        NodeCheck.Length(node.Place, "integer_multiplier", Multiplier.Length, channels);
        NodeCheck.Length(node.Place, "integer_bias", Bias.Length, channels);
        NodeCheck.Length(node.Place, "integer_slope", Slope?.Length ?? 0, affine.Slope?.Length ?? 0);
        NodeCheck.Length(node.Place, "integer_offset", Offset?.Length ?? 0, affine.Shift?.Length ?? 0);
        NodeCheck.Range(node.Place, "slope_shift", SlopeShift ?? 0, 0, MostSlopeShift);
        var bound = BoundOf(graph.ShapeOf(node.Inputs[0]));
        for (var channel = 0; channel < channels; channel++)
        {
            NodeCheck.Range(node.Place, $"product and bias in channel {channel}", Size(bound, Multiplier.Span[channel], Bias.Span[channel]), 0, Largest);
        }
    }

    private protected override void Write(NodeSink sink, GraphNode node)
    {
        sink.Attribute("exponent", Exponent!.Value);
        sink.Attribute("right_shift", RightShift);
        if (SlopeShift is { } shift)
        {
            sink.Attribute("slope_shift", shift);
        }

        sink.Tensor("integer_multiplier", Multiplier, Multiplier.Length);
        sink.Tensor("integer_bias", Bias, Bias.Length);
        sink.Tensor("integer_slope", Slope, Slope?.Length ?? 0);
        sink.Tensor("integer_offset", Offset, Offset?.Length ?? 0);
    }

    // A null array would become an empty memory, not a null one: hence the longer form.
    private static ReadOnlyMemory<short>? Maybe(ReadOnlyMemory<float>? numbers, NodeSource source, string slot) => numbers is null ? default(ReadOnlyMemory<short>?) : source.Shorts(slot);

    /// <summary>No number of the input is larger in absolute value.</summary>
    internal static int BoundOf(ValueShape input) => input.Kind == ValueKind.Sums ? input.SumBound : Number16.Bound;

    /// <summary>The most that a product and its bias are together.</summary>
    internal static long Size(long bound, int multiplier, long bias) => (bound * Math.Abs(multiplier)) + Math.Abs(bias);
}
