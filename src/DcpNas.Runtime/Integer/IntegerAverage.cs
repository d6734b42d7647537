using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>The mean of each channel over the image: <c>sat((sum * multiplier + 2^(right shift - 1)) >> right shift)</c>, in 64 bits.</summary>
public sealed class IntegerAverage : IntegerNode
{
    /// <summary>The most pixels whose sum has 32 bits.</summary>
    internal const int MostPixels = 1 << 16;

    /// <summary>The most bits of <see cref="RightShift"/>.</summary>
    internal const int MostAverageShift = 62;

    internal IntegerAverage(int exponent, int multiplier, int rightShift) => (Exponent, Multiplier, RightShift) = (exponent, multiplier, rightShift);

    /// <inheritdoc/>
    public override int? Exponent { get; }

    /// <summary>At least 1.</summary>
    public int Multiplier { get; }

    /// <summary>Bits, 1 to 62.</summary>
    public int RightShift { get; }

    internal static IntegerAverage Read(NodeSource source) => new(source.Integer("exponent"), source.Integer("multiplier"), source.Integer("right_shift"));

    private protected override void Check(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents)
    {
        CheckExponent(node, Exponent!.Value);
        NodeCheck.Range(node.Place, "multiplier", Multiplier, 1, int.MaxValue);
        NodeCheck.Range(node.Place, "right_shift", RightShift, 1, MostAverageShift);
        var input = graph.ShapeOf(node.Inputs[0]);
        NodeCheck.Range(node.Place, "pixels of a 32-bit sum", (long)input.Height * input.Width, 1, MostPixels);
    }

    private protected override void Write(NodeSink sink, GraphNode node)
    {
        sink.Attribute("exponent", Exponent!.Value);
        sink.Attribute("multiplier", Multiplier);
        sink.Attribute("right_shift", RightShift);
    }
}
