using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>PReLU by <see cref="PReluKernel"/>, differentiable once.</summary>
internal sealed unsafe class PReluFunction : autograd.SingleTensorFunction<PReluFunction>
{
    public override string Name => nameof(PReluFunction);

    public static Tensor Apply(Tensor input, Tensor slope)
    {
        using var scope = NewDisposeScope();
        var result = Recording.Wants(input) || Recording.Wants(slope) ? apply(input, slope) : Forward(input, slope);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var input = (Tensor)vars[0];
        var slope = (Tensor)vars[1];
        ctx.save_for_backward([input, slope]);
        ctx.set_materialize_grads(false);
        return Forward(input, slope);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (input, slope) = (saved[0], saved[1].contiguous());
        var gradient = Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();
        var inputGradient = Dense.NewLike(input);
        var slopeGradient = empty_like(slope);
        var channels = (int)input.shape[1];
        PReluKernel.Backward(
            Dense.Pointer(input), Dense.Pointer(slope), Dense.Pointer(gradient), Dense.Pointer(inputGradient), Dense.Pointer(slopeGradient), input.numel() / channels, channels);
        return Handover.Return(inputGradient, slopeGradient);
    }

    private static Tensor Forward(Tensor input, Tensor slope)
    {
        using var dense = slope.contiguous();
        var result = Dense.NewLike(input);
        var channels = (int)input.shape[1];
        PReluKernel.Forward(Dense.Pointer(input), Dense.Pointer(dense), Dense.Pointer(result), input.numel() / channels, channels);
        return result;
    }
}
