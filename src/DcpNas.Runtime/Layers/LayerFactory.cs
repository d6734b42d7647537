using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Makes nodes ready to run: the one place that knows which layer runs which node.</summary>
/// <param name="memory">Where values are.</param>
/// <param name="set">The instructions to use.</param>
/// <param name="maxBytes">The most that a layer may take besides its weights.</param>
internal sealed class LayerFactory(MemoryPlanner memory, InstructionSet set, long maxBytes)
{
    /// <summary>Makes one step ready.</summary>
    /// <exception cref="PackedModelException">A layer takes more memory than is allowed.</exception>
    public Layer Create(Step step)
    {
        Operand[] inputs = [.. step.Inputs.Select(Of)];
        var node = step.Node;
        if (step.Affine is { } affine)
        {
            var finish = new Finish(
                Kernel.Epilogue(affine, step.Signs, set), MaybeOf(step.Shortcut), MaybeOf(step.Addend), step.IsWritten ? Of(node.Name) : null, [.. step.Signs.Select(sign => Of(sign.Name))]);
            return step switch
            {
                { Convolution: { } counted } => new BinaryLayer(counted, inputs[0], memory.Steps.Graph.ShapeOf(counted.Name), finish, set, maxBytes),
                { Pool: { } pooled } => new FinishedPoolLayer(pooled, inputs[0], memory.Steps.Graph.ShapeOf(pooled.Name), finish, set),
                _ => new AffineLayer(inputs[0], finish),
            };
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

    private Operand Of(string value) => new(memory.Steps.Graph.ShapeOf(value), memory[value]);

    private Operand? MaybeOf(string? value) => value is null ? null : Of(value);
}
