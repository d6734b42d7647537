using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>A sum or a concatenation of reals, or a convolution of reals by signs: nothing but the exponent that its terms are brought to.</summary>
public sealed class IntegerSum : IntegerNode
{
    /// <summary>The most terms of a convolution by signs: their sum and what rounds it have 32 bits.</summary>
    internal const int MostTerms = 1 << 15;

    internal IntegerSum(int exponent) => Exponent = exponent;

    /// <inheritdoc/>
    public override int? Exponent { get; }

    internal static IntegerSum Read(NodeSource source) => new(source.Integer("exponent"));

    private protected override void Check(GraphNode node, ModelGraph graph, IReadOnlyDictionary<string, int> exponents)
    {
        CheckExponent(node, Exponent!.Value);
        foreach (var input in node.Inputs)
        {
            CheckTerm(node, Exponent.Value, input, exponents);
        }

        if (node is SignWeightConvolutionNode convolution)
        {
            NodeCheck.Range(node.Place, "an integer exponent below that of its input by", exponents[node.Inputs[0]] - Exponent.Value, 0, IntegerInfo.MostShift);
            NodeCheck.Range(node.Place, "terms of a 32-bit sum", convolution.Weights.Terms, 1, MostTerms);
        }
    }

    private protected override void Write(NodeSink sink, GraphNode node) => sink.Attribute("exponent", Exponent!.Value);
}
