using DcpNas.Binarization;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary><see cref="SeparableCore"/> by kernels, differentiable once.</summary>
internal sealed unsafe class SeparableFunction : FusedFunction<SeparableFunction, SeparableFunction.Plan>
{
    public static Tensor Apply(Tensor operand, Tensor depthwise, int stride, int dilation, Tensor slope, SignEstimator? estimator, Tensor pointwise, NormalizationState state)
    {
        var shape = DepthwiseShape.Of(operand, (int)depthwise.size(2), stride, dilation);
        return Run(new Plan(shape, (int)pointwise.size(0), NormalizeForms.Of(false, true, estimator), state), operand, depthwise, slope, pointwise, state.Weight, state.Bias);
    }

    protected override Tensor Forward(Plan plan, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        var (operand, depthwise, slope, pointwise, weight, bias) = (inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!, inputs[4], inputs[5]);
        var shape = plan.Shape;
        var sums = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        var result = Dense.NewChannelsLast(shape.Samples, plan.Outputs, shape.OutputHeight, shape.OutputWidth);
        DepthwiseKernel.Forward(Dense.Pointer(operand), Dense.Pointer(depthwise), Dense.Pointer(sums), shape);
        var statistics = Statistics.Take(sums, plan.State);
        var job = Prepare(sums, statistics, weight, bias, slope, shape.Channels);
        SeparableKernel.Forward(job, plan.Forms, Dense.Pointer(pointwise), Dense.Pointer(result), shape.Channels, plan.Outputs);
        saved = [sums, statistics, .. inputs];
        return result;
    }

    protected override Tensor?[] Backward(Plan plan, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var (sums, statistics, operand, depthwise, slope, pointwise, weight, bias) =
            (saved[0]!, saved[1]!, saved[2]!, saved[3]!, saved[4]!, saved[5]!, saved[6], saved[7]);
        var dense = Dense.ToChannelsLast(gradient);
        var shape = plan.Shape;
        var inner = Dense.NewLike(sums);
        var operandGradient = wanted[0] ? Dense.NewLike(operand) : null;
        var depthwiseGradient = wanted[1] ? empty_like(depthwise) : null;
        var slopeGradient = empty_like(slope);
        var pointwiseGradient = wanted[3] ? empty_like(pointwise) : null;

        var weightGradient = weight is null ? null : empty_like(weight);
        var biasGradient = bias is null ? null : empty_like(bias);
        var job = Prepare(sums, statistics, weight, bias, slope, shape.Channels);
        job.Inner = Dense.Pointer(inner);
        job.InputGradient = job.Inner;
        job.Sums = NormalizePasses.NewSums(job);
        SeparableKernel.Backward(job, plan.Forms, Dense.Pointer(pointwise), Dense.Pointer(dense), Dense.PointerOrNull(pointwiseGradient), shape.Channels, plan.Outputs);
        NormalizePasses.Finish(
            job, plan.Forms, shape.Channels, Dense.Pointer(statistics) + shape.Channels, plan.State.Training,
            Dense.PointerOrNull(weightGradient), Dense.PointerOrNull(biasGradient), Dense.Pointer(slopeGradient));
        DepthwiseKernel.Backward(
            Dense.Pointer(operand), Dense.Pointer(depthwise), job.Inner, Dense.PointerOrNull(operandGradient), Dense.PointerOrNull(depthwiseGradient), shape);
        return [operandGradient, depthwiseGradient, slopeGradient, pointwiseGradient, weightGradient, biasGradient];
    }

    private static NormalizeJob Prepare(Tensor sums, Tensor statistics, Tensor? weight, Tensor? bias, Tensor slope, int channels) =>
        NormalizePasses.Prepare(
            Dense.Pointer(sums), sums.numel(), channels, Dense.Pointer(statistics), Dense.PointerOrNull(weight), Dense.PointerOrNull(bias), null, Dense.Pointer(slope));

    internal sealed record Plan(DepthwiseShape Shape, int Outputs, NormalizeForms Forms, NormalizationState State);
}
