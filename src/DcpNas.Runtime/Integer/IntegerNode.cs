using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>The integers of one node.</summary>
public abstract class IntegerNode
{
    /// <summary>The bits of numbers that are not narrow.</summary>
    internal const int WideBits = 16;

    /// <summary>Those of numbers that are.</summary>
    internal const int NarrowBits = 8;

    private protected IntegerNode()
    {
    }

    /// <summary>The number q of the node's value stands for <c>q * 2^-Exponent</c>; null where the value is no number.</summary>
    public virtual int? Exponent => null;

    /// <summary>Bits of the numbers of the node's value: 16, or 8 where they are limited to -128..127 at last.</summary>
    public int Bits { get; private set; } = WideBits;

    /// <summary>Whether nodes of this kind may have numbers of 8 bits: what layers hand on to each other.</summary>
    internal static bool MayBeNarrow(GraphNode node) => node is ConvolutionNode or AffineNode or AddNode or ConcatNode;

    /// <summary>Whether nodes of this kind have integers of their own.</summary>
    internal static bool BelongsTo(GraphNode node, ModelGraph graph) => node switch
    {
        ConvolutionNode or LinearNode or SignNode or SignWeightConvolutionNode or AffineNode or AddNode or GlobalAverageNode => true,
        ConcatNode => graph.ShapeOf(node.Name).Kind == ValueKind.Real,
        _ => false,
    };

    /// <summary>Reads the integers of a node that has some.</summary>
    /// <exception cref="ModelFaultException">An attribute or a tensor is missing, wrong or left over.</exception>
    internal static IntegerNode Read(GraphNode node, NodeSource source)
    {
        IntegerNode integers = node switch
        {
            ConvolutionNode convolution => IntegerLayer.Read(source, convolution.WeightShape),
            LinearNode linear => IntegerLayer.Read(source, linear.WeightShape),
            SignNode => IntegerSign.Read(source),
            AffineNode affine => IntegerAffine.Read(source, affine),
            GlobalAverageNode => IntegerAverage.Read(source),
            _ => IntegerSum.Read(source),
        };
        integers = integers.WithBits(MayBeNarrow(node) && source.OptionalInteger(BitsKey) is { } bits ? bits : WideBits);
        source.ExpectNothingLeft();
        return integers;
    }

    /// <summary>The same with numbers of so many bits.</summary>
    internal IntegerNode WithBits(int bits)
    {
        var copy = (IntegerNode)MemberwiseClone();
        copy.Bits = bits;
        return copy;
    }

    /// <summary>Checks what all nodes have in common, then the integers against their node.</summary>
    /// <exception cref="ModelFaultException">They do not fit.</exception>
    internal void CheckAll(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents)
    {
        _ = Bits is WideBits or NarrowBits ? 0 : throw new ModelFaultException(node.Place, "bits of 8 or 16", $"{Bits}");
        Check(node, graph, exponents);
    }

    /// <summary>Hands over attributes and tensors.</summary>
    internal void WriteAll(NodeSink sink, GraphNode node)
    {
        Write(sink, node);
        if (Bits == NarrowBits)
        {
            sink.Attribute(BitsKey, Bits);
        }
    }

    /// <summary>Checks the integers against their node.</summary>
    /// <exception cref="ModelFaultException">They do not fit.</exception>
    private protected abstract void Check(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents);

    /// <summary>Hands over attributes and tensors.</summary>
    private protected abstract void Write(NodeSink sink, GraphNode node);

    private const string BitsKey = "bits";

    private protected static void CheckExponent(GraphNode node, int exponent) =>
        NodeCheck.Range(node.Place, "an integer exponent", exponent, FixedPointInfo.LeastExponent, FixedPointInfo.MostExponent);

    private protected static void CheckShift(GraphNode node, int shift) => NodeCheck.Range(node.Place, "right_shift", shift, 0, IntegerInfo.MostShift);

    /// <summary>What is added is only ever divided by a power of two.</summary>
    private protected static void CheckTerm(GraphNode node, int exponent, string term, IReadOnlyDictionary<string, int> exponents)
    {
        if (exponent > exponents[term])
        {
            throw new ModelFaultException(node.Place, $"an integer exponent of at most that of '{term}', {exponents[term]}", $"{exponent}");
        }
    }

    private protected static int[] Channels(ReadOnlyMemory<short> values) => [values.Length];
}
