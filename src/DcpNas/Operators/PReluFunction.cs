using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>PReLU by <see cref="PReluKernel"/>, differentiable once.</summary>
internal sealed unsafe class PReluFunction : FusedFunction<PReluFunction, int>
{
    public static Tensor Apply(Tensor input, Tensor slope) => Run((int)input.size(1), input, slope);

    protected override Tensor Forward(int channels, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        var input = inputs[0]!;
        using var slope = inputs[1]!.contiguous();
        var result = Dense.NewLike(input);
        PReluKernel.Forward(Dense.Pointer(input), Dense.Pointer(slope), Dense.Pointer(result), input.numel() / channels, channels);
        saved = inputs;
        return result;
    }

    protected override Tensor?[] Backward(int channels, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var (input, slope, dense) = (saved[0]!, saved[1]!.contiguous(), Dense.ToChannelsLast(gradient));
        var inputGradient = Dense.NewLike(input);
        var slopeGradient = empty_like(slope);
        PReluKernel.Backward(
            Dense.Pointer(input), Dense.Pointer(slope), Dense.Pointer(dense), Dense.Pointer(inputGradient), Dense.Pointer(slopeGradient), input.numel() / channels, channels);
        return [inputGradient, slopeGradient];
    }
}
