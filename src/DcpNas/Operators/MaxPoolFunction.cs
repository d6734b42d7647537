using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>3x3 maximum by <see cref="MaxPoolKernel"/>, differentiable once. Keeps one byte per output instead of the input.</summary>
internal sealed unsafe class MaxPoolFunction : FusedFunction<MaxPoolFunction, WindowShape>
{
    public static Tensor Apply(Tensor input, int stride) => Run(WindowShape.Of(input, stride), input);

    protected override Tensor Forward(WindowShape shape, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        var taps = wanted[0] ? empty(shape.Samples * shape.OutputFloats, ScalarType.Byte) : null;
        var result = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        MaxPoolKernel.Forward(Dense.Pointer(inputs[0]!), Dense.Pointer(result), taps is null ? null : Dense.Bytes(taps), shape);
        saved = [taps];
        return result;
    }

    protected override Tensor?[] Backward(WindowShape shape, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var dense = Dense.ToChannelsLast(gradient);
        var inputGradient = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.Height, shape.Width);
        MaxPoolKernel.Backward(Dense.Pointer(dense), Dense.Bytes(saved[0]!), Dense.Pointer(inputGradient), shape);
        return [inputGradient];
    }
}
