using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>Makes nodes ready to run on integers: the one place that knows which layer runs which node in the integer mode.</summary>
/// <param name="integers">The integers of the model.</param>
/// <param name="set">The instructions to use.</param>
internal sealed class IntegerLayerFactory(IntegerInfo integers, InstructionSet set)
{
    /// <summary>Makes one node ready; null where the exact mode runs it on whole numbers already.</summary>
    public Layer? Create(GraphNode node, Operand[] inputs, Operand output) => node switch
    {
        ConvolutionNode convolution => new IntegerConvolutionLayer(
            Of<IntegerLayer>(node), IntegerFilter.Of(convolution), convolution.Relu, inputs[0], output, set),
        LinearNode => new IntegerConvolutionLayer(Of<IntegerLayer>(node), IntegerFilter.Pointwise, relu: false, inputs[0], output, set),
        SignNode sign => new IntegerSignLayer(Rules(sign), inputs[0], output, set),
        SignWeightConvolutionNode convolution => new IntegerSignWeightLayer(convolution, inputs[0], output, set),
        AffineNode => new IntegerAffineLayer(Of<IntegerAffine>(node), inputs[0], inputs.Length > 1 ? inputs[1] : null, output),
        PoolNode { IsMaximum: true } pool => new PoolLayer<short>(Kernel.FixedPooling(pool, inputs[0].Shape, set), inputs[0], output),
        PoolNode pool => new IntegerAveragePoolLayer(pool.Geometry, inputs[0], output),
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
