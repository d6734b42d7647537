using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Makes nodes ready to run: the one place that knows which layer runs which node.</summary>
internal static class LayerFactory
{
    /// <summary>Makes one node ready.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">A node of it, no identity.</param>
    /// <param name="slotOf">Where values are.</param>
    public static Layer Create(ModelGraph graph, GraphNode node, Func<string, Slot> slotOf)
    {
        Operand[] inputs = [.. node.Inputs.Select(Of)];
        var output = Of(node.Name);
        return node switch
        {
            ConvolutionNode convolution => new ConvolutionLayer(convolution, inputs[0], output),
            SignNode sign => new SignLayer(sign, inputs[0], output),
            BinaryConvolutionNode { Thresholds: null } convolution => new BinarySumLayer(convolution, inputs[0], output),
            BinaryConvolutionNode convolution => new BinaryBitLayer(convolution, inputs[0], output),
            SignWeightConvolutionNode convolution => new SignWeightLayer(convolution, inputs[0], output),
            AffineNode affine => new AffineLayer(affine, inputs, output),
            PoolNode pool => new PoolLayer(pool, inputs[0], output),
            AddNode => new AddLayer(inputs, output),
            ConcatNode when output.Shape.Kind == ValueKind.Bits => new ConcatBitsLayer(inputs, output),
            ConcatNode => new ConcatLayer(inputs, output),
            ReluNode => new ReluLayer(inputs[0], output),
            GlobalAverageNode => new GlobalAverageLayer(inputs[0], output),
            LinearNode linear => new LinearLayer(linear, inputs[0], output),
            _ => throw new InvalidOperationException($"Bug in DcpNas: no layer runs a node of type '{node.Type}'."),
        };

        Operand Of(string value) => new(graph.ShapeOf(value), slotOf(value));
    }
}
