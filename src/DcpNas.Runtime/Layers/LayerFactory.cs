using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Makes nodes ready to run: the one place that knows which layer runs which node.</summary>
internal static class LayerFactory
{
    /// <summary>Makes one node ready.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">A node of it, no identity.</param>
    /// <param name="slotOf">Where values are.</param>
    /// <param name="set">The instructions to use.</param>
    /// <param name="maxBytes">The most that a layer may take besides its weights.</param>
    /// <exception cref="PackedModelException">A layer takes more.</exception>
    public static Layer Create(ModelGraph graph, GraphNode node, Func<string, Slot> slotOf, InstructionSet set, long maxBytes)
    {
        Operand[] inputs = [.. node.Inputs.Select(Of)];
        var output = Of(node.Name);
        return node switch
        {
            ConvolutionNode { Depthwise: true } convolution => new DepthwiseLayer(convolution, inputs[0], output),
            ConvolutionNode convolution => new ConvolutionLayer(convolution, inputs[0], output, set),
            SignNode sign => new SignLayer(sign, inputs[0], output, set),
            BinaryConvolutionNode convolution => new BinaryLayer(convolution, inputs[0], output, set, maxBytes),
            SignWeightConvolutionNode convolution => new SignWeightLayer(convolution, inputs[0], output),
            AffineNode affine => new AffineLayer(Kernel.Epilogue(affine, sign: null, set), inputs, output, bits: null),
            PoolNode pool => new PoolLayer(pool, inputs[0], output, set),
            AddNode => new AddLayer(inputs, output),
            ConcatNode when output.Shape.Kind == ValueKind.Bits => new ConcatBitsLayer(inputs, output),
            ConcatNode => new ConcatLayer(inputs, output),
            ReluNode => new ReluLayer(inputs[0], output),
            GlobalAverageNode => new GlobalAverageLayer(inputs[0], output, set),
            LinearNode linear => new LinearLayer(linear, inputs[0], output, set),
            _ => throw new InvalidOperationException($"Bug in DcpNas: no layer runs a node of type '{node.Type}'."),
        };

        Operand Of(string value) => new(graph.ShapeOf(value), slotOf(value));
    }
}
