using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>1x1 convolution by <see cref="PointwiseKernel"/>, differentiable once.</summary>
internal sealed unsafe class PointwiseFunction : autograd.SingleTensorFunction<PointwiseFunction>
{
    private const string PlanKey = "plan";

    public override string Name => nameof(PointwiseFunction);

    public static Tensor Apply(Tensor input, Tensor weight, int stride)
    {
        using var scope = NewDisposeScope();
        var s = input.shape;
        var shape = new PointwiseShape(s[0], (int)s[1], (int)weight.shape[0], (int)s[2], (int)s[3], stride);
        var plan = new Plan(shape, Recording.Wants(input), Recording.Wants(weight));
        var result = plan.WantsInput || plan.WantsWeight ? apply(input, weight, plan) : Forward(input, weight, shape);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var input = (Tensor)vars[0];
        var weight = (Tensor)vars[1];
        var plan = (Plan)vars[2];
        ctx.save_for_backward([input, weight]);
        ctx.save_data(PlanKey, plan);
        ctx.set_materialize_grads(false);
        return Forward(input, weight, plan.Shape);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var plan = (Plan)ctx.get_data(PlanKey);
        var saved = ctx.get_saved_variables();
        var (input, weight) = (saved[0], saved[1].contiguous());
        var gradient = Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();
        var inputGradient = plan.WantsInput ? Dense.NewLike(input) : null;
        if (plan.Shape.Stride != 1)
        {
            inputGradient?.zero_();
        }

        var weightGradient = plan.WantsWeight ? empty_like(weight) : null;
        PointwiseKernel.Backward(
            Dense.Pointer(input),
            Dense.Pointer(weight),
            Dense.Pointer(gradient),
            inputGradient is null ? null : Dense.Pointer(inputGradient),
            weightGradient is null ? null : Dense.Pointer(weightGradient),
            plan.Shape);
        return Handover.Return(inputGradient, weightGradient, null);
    }

    private static Tensor Forward(Tensor input, Tensor weight, in PointwiseShape shape)
    {
        using var dense = weight.contiguous();
        var result = Dense.NewChannelsLast(shape.Samples, shape.Outputs, shape.OutputHeight, shape.OutputWidth);
        PointwiseKernel.Forward(Dense.Pointer(input), Dense.Pointer(dense), Dense.Pointer(result), shape);
        return result;
    }

    private sealed record Plan(PointwiseShape Shape, bool WantsInput, bool WantsWeight);
}
