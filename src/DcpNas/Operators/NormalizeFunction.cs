using DcpNas.Binarization;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Normalisation with what follows it by <see cref="NormalizeKernel{TShortcut, TPRelu, TSign}"/>, differentiable once.</summary>
/// <remarks>Keeps the input, the shortcut and <c>[2, C]</c> statistics; the inner values are computed again in the backward pass.</remarks>
internal sealed unsafe class NormalizeFunction : autograd.SingleTensorFunction<NormalizeFunction>
{
    private const string PlanKey = "plan";

    public override string Name => nameof(NormalizeFunction);

    /// <param name="input">float32, channels-last, on the CPU.</param>
    /// <param name="shortcut">Likewise, or null.</param>
    /// <param name="slope">Of a PReLU, or null.</param>
    /// <param name="state">Weight, bias and statistics.</param>
    /// <param name="estimator">Sign at the end, or null.</param>
    public static Tensor Apply(Tensor input, Tensor? shortcut, Tensor? slope, NormalizationState state, SignEstimator? estimator)
    {
        using var scope = NewDisposeScope();
        Tensor?[] optional = [input, state.Weight, state.Bias, shortcut, slope];
        var plan = new Plan(state, estimator, Array.ConvertAll(optional, t => t is not null), Array.ConvertAll(optional, Recording.Wants));
        if (!plan.Wanted.Contains(true))
        {
            return Forward(optional, plan, out _).MoveToOuterDisposeScope();
        }

        object[] arguments = [plan, .. optional.OfType<Tensor>()];
        return apply(arguments).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var plan = (Plan)vars[0];
        var tensors = Unpack([.. vars.Skip(1).Cast<Tensor>()], plan);
        var result = Forward(tensors, plan, out var statistics);
        ctx.save_for_backward([statistics, .. vars.Skip(1).Cast<Tensor>()]);
        ctx.save_data(PlanKey, plan);
        ctx.set_materialize_grads(false);
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var plan = (Plan)ctx.get_data(PlanKey);
        var saved = ctx.get_saved_variables();
        var tensors = Unpack([.. saved.Skip(1)], plan);
        var gradient = Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();

        var input = tensors[0]!;
        var channels = (int)input.shape[1];
        var job = Job(tensors, saved[0]);
        var inputGradient = Dense.NewLike(input);
        var inner = tensors[3] is null ? null : Dense.NewLike(input);
        job.G = Dense.Pointer(gradient);
        job.InputGradient = Dense.Pointer(inputGradient);
        job.Inner = inner is null ? null : Dense.Pointer(inner);

        var weightGradient = tensors[1] is null ? null : empty_like(tensors[1]!);
        var biasGradient = tensors[2] is null ? null : empty_like(tensors[2]!);
        var slopeGradient = tensors[4] is null ? null : empty_like(tensors[4]!);
        NormalizePasses.Backward(
            job, Forms(plan), channels, Dense.Pointer(saved[0]) + channels, plan.State.Training, Address(weightGradient), Address(biasGradient), Address(slopeGradient));
        Tensor?[] gradients = [inputGradient, weightGradient, biasGradient, inner, slopeGradient];
        return Handover.Return([null, .. gradients.Where((_, i) => plan.Present[i])]);
    }

    /// <summary>The directional derivative with the statistics of the batch: the Jacobian is symmetric up to the weight, so it is the backward pass.</summary>
    public static Tensor Tangent(Tensor input, Tensor direction, Tensor? weight)
    {
        var channels = (int)input.shape[1];
        var statistics = empty(2, channels);
        NormalizePasses.Statistics(Dense.Pointer(input), input.numel() / channels, channels, Dense.Pointer(statistics));
        var result = Dense.NewLike(input);
        var job = Job([input, weight?.contiguous(), null, null, null], statistics);
        job.G = Dense.Pointer(direction);
        job.InputGradient = Dense.Pointer(result);
        NormalizePasses.Backward(job, NormalizeForms.Of(false, false, null), channels, Dense.Pointer(statistics) + channels, true, null, null, null);
        return result;
    }

    private static Tensor Forward(Tensor?[] tensors, Plan plan, out Tensor statistics)
    {
        var input = tensors[0]!;
        statistics = Statistics.Take(input, plan.State);
        var result = Dense.NewLike(input);
        var job = Job(tensors, statistics);
        job.Y = Dense.Pointer(result);
        WorkerPool.Run(Forms(plan).Forward, &job, job.Count);
        return result;
    }

    private static NormalizeJob Job(Tensor?[] tensors, Tensor statistics)
    {
        var input = tensors[0]!;
        return NormalizePasses.Prepare(
            Dense.Pointer(input),
            input.numel(),
            (int)input.shape[1],
            Dense.Pointer(statistics),
            Address(tensors[1]),
            Address(tensors[2]),
            Address(tensors[3]),
            Address(tensors[4]));
    }

    private static NormalizeForms Forms(Plan plan) =>
        NormalizeForms.Of(plan.Present[3], plan.Present[4], plan.Estimator is { } estimator ? estimator == SignEstimator.BiReal : null);

    private static Tensor?[] Unpack(Tensor[] present, Plan plan)
    {
        var result = new Tensor?[plan.Present.Length];
        var next = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = plan.Present[i] ? present[next++] : null;
        }

        return result;
    }

    private static float* Address(Tensor? tensor) => tensor is null ? null : Dense.Pointer(tensor);

    /// <summary>Everything that is not a tensor to differentiate by; of input, weight, bias, shortcut and slope, which are there and which want a gradient.</summary>
    private sealed record Plan(NormalizationState State, SignEstimator? Estimator, bool[] Present, bool[] Wanted);
}
