using DcpNas.Binarization;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary><see cref="SeparableCore"/> by kernels, differentiable once.</summary>
internal sealed unsafe class SeparableFunction : autograd.SingleTensorFunction<SeparableFunction>
{
    private const string PlanKey = "plan";

    public override string Name => nameof(SeparableFunction);

    public static Tensor Apply(Tensor operand, Tensor depthwise, int stride, int dilation, Tensor slope, SignEstimator? estimator, Tensor pointwise, NormalizationState state)
    {
        using var scope = NewDisposeScope();
        var s = operand.shape;
        var shape = new DepthwiseShape(s[0], (int)s[1], (int)s[2], (int)s[3], (int)depthwise.shape[2], stride, dilation);
        Tensor?[] tensors = [operand, depthwise, slope, pointwise, state.Weight, state.Bias];
        var plan = new Plan(shape, (int)pointwise.shape[0], estimator, state, Array.ConvertAll(tensors, Recording.Wants));
        object[] arguments = [plan, .. tensors.OfType<Tensor>()];
        var result = plan.Wanted.Contains(true) ? apply(arguments) : Forward([.. tensors.OfType<Tensor>()], plan, out _, out _);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var plan = (Plan)vars[0];
        Tensor[] tensors = [.. vars.Skip(1).Cast<Tensor>()];
        var result = Forward(tensors, plan, out var sums, out var statistics);
        ctx.save_for_backward([sums, statistics, .. tensors]);
        ctx.save_data(PlanKey, plan);
        ctx.set_materialize_grads(false);
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var plan = (Plan)ctx.get_data(PlanKey);
        var saved = ctx.get_saved_variables();
        var (sums, statistics, operand, depthwise, slope, pointwise) = (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5]);
        var (weight, bias) = plan.Affine([.. saved.Skip(2)]);
        var gradient = Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();
        var shape = plan.Shape;
        var inner = Dense.NewLike(sums);
        var operandGradient = plan.Wanted[0] ? Dense.NewLike(operand) : null;
        var depthwiseGradient = plan.Wanted[1] ? empty_like(depthwise) : null;
        var slopeGradient = empty_like(slope);
        var pointwiseGradient = plan.Wanted[3] ? empty_like(pointwise) : null;

        var weightGradient = weight is null ? null : empty_like(weight);
        var biasGradient = bias is null ? null : empty_like(bias);
        var job = Prepare(sums, statistics, weight, bias, slope, shape.Channels);
        job.Inner = Dense.Pointer(inner);
        job.InputGradient = job.Inner;
        job.Sums = NormalizePasses.NewSums(job);
        SeparableKernel.Backward(job, plan.Forms, Dense.Pointer(pointwise), Dense.Pointer(gradient), Address(pointwiseGradient), shape.Channels, plan.Outputs);
        NormalizePasses.Finish(
            job, plan.Forms, shape.Channels, Dense.Pointer(statistics) + shape.Channels, plan.State.Training, Address(weightGradient), Address(biasGradient), Dense.Pointer(slopeGradient));
        DepthwiseKernel.Backward(Dense.Pointer(operand), Dense.Pointer(depthwise), job.Inner, Address(operandGradient), Address(depthwiseGradient), shape);
        Tensor?[] affine = [.. weight is null ? (Tensor?[])[] : [weightGradient], .. bias is null ? (Tensor?[])[] : [biasGradient]];
        return Handover.Return([null, operandGradient, depthwiseGradient, slopeGradient, pointwiseGradient, .. affine]);
    }

    private static Tensor Forward(Tensor[] tensors, Plan plan, out Tensor sums, out Tensor statistics)
    {
        var shape = plan.Shape;
        sums = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        var result = Dense.NewChannelsLast(shape.Samples, plan.Outputs, shape.OutputHeight, shape.OutputWidth);
        DepthwiseKernel.Forward(Dense.Pointer(tensors[0]), Dense.Pointer(tensors[1]), Dense.Pointer(sums), shape);
        statistics = Statistics.Take(sums, plan.State);
        var (weight, bias) = plan.Affine(tensors);
        var job = Prepare(sums, statistics, weight, bias, tensors[2], shape.Channels);
        SeparableKernel.Forward(job, plan.Forms, Dense.Pointer(tensors[3]), Dense.Pointer(result), shape.Channels, plan.Outputs);
        return result;
    }

    private static NormalizeJob Prepare(Tensor sums, Tensor statistics, Tensor? weight, Tensor? bias, Tensor slope, int channels) =>
        NormalizePasses.Prepare(Dense.Pointer(sums), sums.numel(), channels, Dense.Pointer(statistics), Address(weight), Address(bias), null, Dense.Pointer(slope));

    private static float* Address(Tensor? tensor) => tensor is null ? null : Dense.Pointer(tensor);

    private sealed record Plan(DepthwiseShape Shape, int Outputs, SignEstimator? Estimator, NormalizationState State, bool[] Wanted)
    {
        /// <summary>Weight and bias out of operand, depthwise, slope, pointwise and those of the two that are there.</summary>
        public (Tensor? Weight, Tensor? Bias) Affine(Tensor[] tensors) =>
            (State.Weight is null ? null : tensors[4], State.Bias is null ? null : tensors[State.Weight is null ? 4 : 5]);

        public NormalizeForms Forms => NormalizeForms.Of(false, true, Estimator is { } estimator ? estimator == SignEstimator.BiReal : null);
    }
}
