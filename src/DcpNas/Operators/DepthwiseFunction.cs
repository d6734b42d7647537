using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Depthwise convolution by <see cref="DepthwiseKernel"/>, differentiable once.</summary>
internal sealed unsafe class DepthwiseFunction : FusedFunction<DepthwiseFunction, DepthwiseShape>
{
    public static Tensor Apply(Tensor input, Tensor weight, int stride, int dilation) =>
        Run(DepthwiseShape.Of(input, (int)weight.size(2), stride, dilation), input, weight);

    protected override Tensor Forward(DepthwiseShape shape, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        using var weight = inputs[1]!.contiguous();
        var result = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        DepthwiseKernel.Forward(Dense.Pointer(inputs[0]!), Dense.Pointer(weight), Dense.Pointer(result), shape);
        saved = inputs;
        return result;
    }

    protected override Tensor?[] Backward(DepthwiseShape shape, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var (input, weight, dense) = (saved[0]!, saved[1]!.contiguous(), Dense.ToChannelsLast(gradient));
        var inputGradient = wanted[0] ? Dense.NewLike(input) : null;
        var weightGradient = wanted[1] ? empty_like(weight) : null;
        DepthwiseKernel.Backward(
            Dense.Pointer(input), Dense.Pointer(weight), Dense.Pointer(dense), Dense.PointerOrNull(inputGradient), Dense.PointerOrNull(weightGradient), shape);
        return [inputGradient, weightGradient];
    }
}
