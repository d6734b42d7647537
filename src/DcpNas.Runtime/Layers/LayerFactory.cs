using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Makes nodes ready to run: the one place that knows which layer runs which node.</summary>
/// <param name="graph">The graph.</param>
/// <param name="memory">Where values are, and which nodes run together.</param>
/// <param name="set">The instructions to use.</param>
/// <param name="maxBytes">The most that a layer may take besides its weights.</param>
internal sealed class LayerFactory(ModelGraph graph, MemoryPlanner memory, InstructionSet set, long maxBytes)
{
    /// <summary>Makes one node ready.</summary>
    /// <param name="node">A node of the graph, neither an identity nor a fused sign.</param>
    /// <exception cref="PackedModelException">A layer takes more memory than is allowed.</exception>
    public Layer Create(GraphNode node)
    {
        Operand[] inputs = [.. node.Inputs.Select(Of)];
        if (node is AffineNode affine)
        {
            var sign = memory.Fusions.SignOf(affine);
            return new AffineLayer(Kernel.Epilogue(affine, sign, set), inputs, memory.Fusions.IsWritten(affine) ? Of(affine.Name) : null, sign is null ? null : Of(sign.Name));
        }

        var output = Of(node.Name);
        return node switch
        {
            ConvolutionNode { Depthwise: true } convolution => new DepthwiseLayer(convolution, inputs[0], output),
            ConvolutionNode convolution => new ConvolutionLayer(convolution, inputs[0], output, set),
            SignNode sign => new SignLayer(sign, inputs[0], output, set),
            BinaryConvolutionNode convolution => new BinaryLayer(convolution, inputs[0], output, set, maxBytes),
            SignWeightConvolutionNode convolution => new SignWeightLayer(convolution, inputs[0], output),
            PoolNode pool => new PoolLayer(pool, inputs[0], output, set),
            AddNode => new AddLayer(inputs, output),
            ConcatNode when output.Shape.Kind == ValueKind.Bits => new ConcatBitsLayer(inputs, output),
            ConcatNode => new ConcatLayer(inputs, output),
            ReluNode => new ReluLayer(inputs[0], output),
            GlobalAverageNode => new GlobalAverageLayer(inputs[0], output, set),
            LinearNode linear => new LinearLayer(linear, inputs[0], output, set),
            _ => throw new InvalidOperationException($"Bug in DcpNas: no layer runs a node of type '{node.Type}'."),
        };
    }

    private Operand Of(string value) => new(graph.ShapeOf(value), memory[value]);
}
