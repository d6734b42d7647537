using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary>sign by <see cref="SignKernel"/>, differentiable once.</summary>
internal sealed unsafe class SignFunction : autograd.SingleTensorFunction<SignFunction>
{
    private const string EstimatorKey = "estimator";

    public override string Name => nameof(SignFunction);

    /// <summary>float32 on the CPU in either of the two dense memory orders.</summary>
    public static bool Accepts(Tensor value) => Dense.IsFloatOnCpu(value) && (value.is_contiguous() || Dense.IsChannelsLast(value));

    public static Tensor Apply(Tensor value, SignEstimator estimator)
    {
        using var scope = NewDisposeScope();
        var result = Recording.Wants(value) ? apply(value, estimator) : Forward(value);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The surrogate derivative alone.</summary>
    public static Tensor Slope(Tensor value, SignEstimator estimator)
    {
        var result = empty_like(value);
        SignKernel.Backward(Dense.Pointer(value), null, Dense.Pointer(result), value.numel(), estimator == SignEstimator.BiReal);
        return result;
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var value = (Tensor)vars[0];
        ctx.save_for_backward([value]);
        ctx.save_data(EstimatorKey, vars[1]);
        ctx.set_materialize_grads(false);
        return Forward(value);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var value = ctx.get_saved_variables()[0];
        var gradient = value.is_contiguous() ? grad_output.contiguous() : Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();
        var result = empty_like(value);
        SignKernel.Backward(
            Dense.Pointer(value), Dense.Pointer(gradient), Dense.Pointer(result), value.numel(), (SignEstimator)ctx.get_data(EstimatorKey) == SignEstimator.BiReal);
        return Handover.Return(result, null);
    }

    private static Tensor Forward(Tensor value)
    {
        var result = empty_like(value);
        SignKernel.Forward(Dense.Pointer(value), Dense.Pointer(result), value.numel());
        return result;
    }
}
