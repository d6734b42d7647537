using DcpNas.Operators;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary>sign by <see cref="SignKernel"/>, differentiable once.</summary>
internal sealed unsafe class SignFunction : FusedFunction<SignFunction, SignEstimator>
{
    /// <summary>float32 on the CPU in either of the two dense memory orders.</summary>
    public static bool Accepts(Tensor value) => Dense.IsFloatOnCpu(value) && (value.is_contiguous() || Dense.IsChannelsLast(value));

    public static Tensor Apply(Tensor value, SignEstimator estimator) => Run(estimator, value);

    /// <summary>The surrogate derivative alone.</summary>
    public static Tensor Slope(Tensor value, SignEstimator estimator)
    {
        var result = empty_like(value);
        SignKernel.Backward(Dense.Pointer(value), null, Dense.Pointer(result), value.numel(), estimator == SignEstimator.BiReal);
        return result;
    }

    protected override Tensor Forward(SignEstimator estimator, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        var value = inputs[0]!;
        var result = empty_like(value);
        SignKernel.Forward(Dense.Pointer(value), Dense.Pointer(result), value.numel());
        saved = inputs;
        return result;
    }

    protected override Tensor?[] Backward(SignEstimator estimator, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var value = saved[0]!;
        var dense = value.is_contiguous() ? gradient.contiguous() : Dense.ToChannelsLast(gradient);
        var result = empty_like(value);
        SignKernel.Backward(Dense.Pointer(value), Dense.Pointer(dense), Dense.Pointer(result), value.numel(), estimator == SignEstimator.BiReal);
        return [result];
    }
}
