using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Kernels.Fixed;
using DcpNas.Runtime.Layers.Fixed;
using DcpNas.Runtime.Layers.Integer;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Makes nodes ready to run: the one place that knows which layer runs which node.</summary>
/// <param name="memory">Where values are.</param>
/// <param name="integers">The integers of the integer mode, or null for another.</param>
/// <param name="set">The instructions to use.</param>
/// <param name="maxBytes">The most that a layer may take besides its weights.</param>
internal sealed class LayerFactory(MemoryPlanner memory, IntegerInfo? integers, InstructionSet set, long maxBytes)
{
    private readonly IntegerLayerFactory? _integers = integers is null ? null : new(integers, set);

    /// <summary>Makes one step ready.</summary>
    /// <exception cref="PackedModelException">A layer takes more memory than is allowed.</exception>
    public Layer Create(Step step)
    {
        Operand[] inputs = [.. step.Inputs.Select(Of)];
        var node = step.Node;
        if (_integers is not null)
        {
            var layer = OfIntegers(step, inputs, _integers);
            return integers!.Nodes.GetValueOrDefault(node.Name)?.Bits == IntegerNode.NarrowBits ? new IntegerNarrowLayer(layer, Of(node.Name), set) : layer;
        }

        if (step.Affine is { } affine)
        {
            return step.Exponent is null ? Finished(step, affine, inputs[0]) : FixedFinished(step, affine, inputs[0]);
        }

        var output = Of(node.Name);
        return step.Exponent is null ? Alone(node, inputs, output) : FixedAlone(node, inputs, output, set);
    }

    private Layer OfIntegers(Step step, Operand[] inputs, IntegerLayerFactory factory)
    {
        var node = step.Node;
        if (step is { Convolution: { } counted, Affine: { } after })
        {
            var (sums, shortcut, result) = (memory.Steps.ShapeOf(counted.Name), MaybeOf(step.Shortcut), Of(node.Name));
            return new BinaryLayer(counted, inputs[0], sums, new Finish(factory.Epilogue(after, shortcut, result), shortcut, null, result, []), set, maxBytes);
        }

        return factory.Create(node, step.Affine is null ? inputs : [.. node.Inputs.Select(memory.Steps.RootOf).Select(Of)], Of(node.Name)) ?? Alone(node, inputs, Of(node.Name));
    }

    private Layer Finished(Step step, AffineNode affine, Operand input)
    {
        var kernel = Kernel.Epilogue(affine, step.Signs, set);
        var finish = FinishOf(step, kernel);
        return step switch
        {
            { Convolution: { } counted } => new BinaryLayer(counted, input, memory.Steps.ShapeOf(counted.Name), finish, set, maxBytes),
            { Pool: { } pooled } => new FinishedPoolLayer<float>(Kernel.Pooling(pooled, input.Shape, set), input, memory.Steps.ShapeOf(pooled.Name), kernel, finish),
            _ => new AffineLayer(input, kernel, finish),
        };
    }

    private Layer FixedFinished(Step step, AffineNode affine, Operand input)
    {
        var exponents = new FixedExponents(input.Shape.Exponent ?? 0, step.Exponent!.Value, MaybeOf(step.Shortcut)?.Shape.Exponent, MaybeOf(step.Addend)?.Shape.Exponent);
        var sums = memory.Steps.ShapeOf(step.Convolution?.Name ?? step.Inputs[0]);
        var kernel = Kernel.Epilogue(affine, step.Signs, exponents, sums.Kind == ValueKind.Sums ? sums.SumBound : FixedNumber.Bound, set);
        var finish = FinishOf(step, kernel);
        return step switch
        {
            { Convolution: { } counted } => new BinaryLayer(counted, input, sums, finish, set, maxBytes),
            { Pool: { } pooled } => new FinishedPoolLayer<short>(Kernel.FixedPooling(pooled, input.Shape, set), input, memory.Steps.ShapeOf(pooled.Name), kernel, finish),
            _ => new FixedAffineLayer(input, finish),
        };
    }

    private Finish FinishOf(Step step, SumEpilogue kernel) =>
        new(kernel, MaybeOf(step.Shortcut), MaybeOf(step.Addend), step.IsWritten ? Of(step.Node.Name) : null, [.. step.Signs.Select(sign => Of(sign.Name))]);

    private static Layer FixedAlone(GraphNode node, Operand[] inputs, Operand output, InstructionSet set) => node switch
    {
        SignNode sign => new FixedSignLayer(sign, inputs[0], output, set),
        PoolNode pool => new PoolLayer<short>(Kernel.FixedPooling(pool, inputs[0].Shape, set), inputs[0], output),
        AddNode => new FixedAddLayer(inputs, output, set),
        ConcatNode => new FixedConcatLayer(inputs, output, set),
        GlobalAverageNode => new FixedAverageLayer(inputs[0], output),
        _ => throw new InvalidOperationException($"Bug in DcpNas: no layer runs a node of type '{node.Type}' on fixed-point numbers."),
    };

    private Layer Alone(GraphNode node, Operand[] inputs, Operand output) => node switch
    {
        CastNode => new CastLayer(inputs[0], output),
        ConvolutionNode { Depthwise: true } convolution => new DepthwiseLayer(convolution, inputs[0], output),
        ConvolutionNode convolution => new ConvolutionLayer(convolution, inputs[0], output, set),
        SignNode sign => new SignLayer(sign, inputs[0], output, set),
        BinaryConvolutionNode convolution => new BinaryLayer(convolution, inputs[0], output, set, maxBytes),
        SignWeightConvolutionNode convolution => new SignWeightLayer(convolution, inputs[0], output),
        PoolNode pool => new PoolLayer<float>(Kernel.Pooling(pool, inputs[0].Shape, set), inputs[0], output),
        AddNode => new AddLayer(inputs, output),
        ConcatNode when output.Shape.Kind == ValueKind.Bits => new ConcatBitsLayer(inputs, output),
        ConcatNode => new ConcatLayer(inputs, output),
        ReluNode => new ReluLayer(inputs[0], output),
        GlobalAverageNode => new GlobalAverageLayer(inputs[0], output, set),
        LinearNode linear => new LinearLayer(linear, inputs[0], output, set),
        _ => throw new InvalidOperationException($"Bug in DcpNas: no layer runs a node of type '{node.Type}'."),
    };

    private Operand Of(string value) => new(memory.Steps.ShapeOf(value), memory[value]);

    private Operand? MaybeOf(string? value) => value is null ? null : Of(value);
}
