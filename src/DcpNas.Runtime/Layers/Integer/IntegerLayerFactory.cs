using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>Makes nodes ready to run on integers: the one place that knows which layer runs which node in the integer mode.</summary>
/// <param name="integers">The integers of the model.</param>
/// <param name="set">The instructions to use.</param>
internal sealed class IntegerLayerFactory(IntegerInfo integers, InstructionSet set)
{
    /// <summary>Makes one node ready; null where the exact mode runs it on whole numbers already.</summary>
    /// <exception cref="PackedModelException">Its weights take more memory than an array can hold.</exception>
    public Layer? Create(GraphNode node, Operand[] inputs, Operand output)
    {
        try
        {
            return LayerOf(node, inputs, output);
        }
        catch (OverflowException)
        {
            throw new PackedModelException($"Node '{node.Name}' has more weights than the integer mode can hold in memory. Run the exact mode.");
        }
    }

    /// <summary>What follows a 1-bit convolution.</summary>
    public IntegerEpilogue Epilogue(AffineNode node, Operand? shortcut, Operand output) => new(Of<IntegerAffine>(node), shortcut?.Shape.Exponent - output.Shape.Exponent ?? 0, set);

    private Layer? LayerOf(GraphNode node, Operand[] inputs, Operand output) => node switch
    {
        ConvolutionNode convolution => new IntegerConvolutionLayer(
            Of<IntegerLayer>(node), IntegerFilter.Of(convolution), convolution.Relu, inputs[0], output, set),
        LinearNode => new IntegerConvolutionLayer(Of<IntegerLayer>(node), IntegerFilter.Pointwise, relu: false, inputs[0], output, set),
        SignNode sign => new IntegerSignLayer(Rules(sign), inputs[0], output, set),
        SignWeightConvolutionNode convolution => new IntegerSignWeightLayer(convolution, inputs[0], output, set),
        AffineNode affine => new IntegerAffineLayer(Epilogue(affine, inputs.Length > 1 ? inputs[1] : null, output), inputs[0], inputs.Length > 1 ? inputs[1] : null, output),
        PoolNode { IsMaximum: true } pool => new PoolLayer<short>(Kernel.FixedPooling(pool, inputs[0].Shape, set), inputs[0], output),
        PoolNode pool => new IntegerAveragePoolLayer(pool.Geometry, inputs[0], output, set),
        AddNode => new Fixed.FixedAddLayer(inputs, output, set),
        ConcatNode when output.Shape.Kind == ValueKind.Real => new Fixed.FixedConcatLayer(inputs, output, set),
        ReluNode => new IntegerReluLayer(inputs[0], output),
        GlobalAverageNode => new IntegerAverageLayer(Of<IntegerAverage>(node), inputs[0], output),
        _ => null,
    };

    private T Of<T>(GraphNode node)
        where T : IntegerNode => (T)integers.Nodes[node.Name];

    private FloatRule[] Rules(SignNode sign)
    {
        var thresholds = Of<IntegerSign>(sign).Threshold;
        return [.. Enumerable.Range(0, thresholds.Length).Select(channel => new FloatRule(thresholds.Span[channel], sign.Rules.Span[channel] == ThresholdRule.NotBelow))];
    }
}
