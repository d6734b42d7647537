using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>1x1 convolution by <see cref="PointwiseKernel"/>, differentiable once.</summary>
internal sealed unsafe class PointwiseFunction : FusedFunction<PointwiseFunction, PointwiseShape>
{
    public static Tensor Apply(Tensor input, Tensor weight, int stride) => Run(PointwiseShape.Of(input, (int)weight.size(0), stride), input, weight);

    protected override Tensor Forward(PointwiseShape shape, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        using var weight = inputs[1]!.contiguous();
        var result = Dense.NewChannelsLast(shape.Samples, shape.Outputs, shape.OutputHeight, shape.OutputWidth);
        PointwiseKernel.Forward(Dense.Pointer(inputs[0]!), Dense.Pointer(weight), Dense.Pointer(result), shape);
        saved = inputs;
        return result;
    }

    protected override Tensor?[] Backward(PointwiseShape shape, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var (input, weight, dense) = (saved[0]!, saved[1]!.contiguous(), Dense.ToChannelsLast(gradient));
        var inputGradient = wanted[0] ? Dense.NewLike(input) : null;
        if (shape.Stride != 1)
        {
            inputGradient?.zero_();
        }

        var weightGradient = wanted[1] ? empty_like(weight) : null;
        PointwiseKernel.Backward(
            Dense.Pointer(input), Dense.Pointer(weight), Dense.Pointer(dense), Dense.PointerOrNull(inputGradient), Dense.PointerOrNull(weightGradient), shape);
        return [inputGradient, weightGradient];
    }
}
