using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>3x3 mean by <see cref="AvgPoolKernel"/>, differentiable once. Keeps nothing but the sizes.</summary>
internal sealed unsafe class AvgPoolFunction : FusedFunction<AvgPoolFunction, WindowShape>
{
    public static Tensor Apply(Tensor input, int stride) => Run(WindowShape.Of(input, stride), input);

    protected override Tensor Forward(WindowShape shape, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        var result = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        AvgPoolKernel.Forward(Dense.Pointer(inputs[0]!), Dense.Pointer(result), shape);
        saved = [];
        return result;
    }

    protected override Tensor?[] Backward(WindowShape shape, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var dense = Dense.ToChannelsLast(gradient);
        var inputGradient = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.Height, shape.Width);
        AvgPoolKernel.Backward(Dense.Pointer(dense), Dense.Pointer(inputGradient), shape);
        return [inputGradient];
    }
}
