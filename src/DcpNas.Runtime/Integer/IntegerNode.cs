using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>The integers of one node.</summary>
public abstract class IntegerNode
{
    private protected IntegerNode()
    {
    }

    /// <summary>The number q of the node's value stands for <c>q * 2^-Exponent</c>; null where the value is no number.</summary>
    public virtual int? Exponent => null;

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
        source.ExpectNothingLeft();
        return integers;
    }

    /// <summary>Checks the integers against their node.</summary>
    /// <exception cref="ModelFaultException">They do not fit.</exception>
    internal abstract void Check(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents);

    /// <summary>Hands over attributes and tensors.</summary>
    internal abstract void Write(NodeSink sink, GraphNode node);

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
