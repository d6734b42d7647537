using DcpNas.Binarization;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Normalisation with what follows it by <see cref="NormalizeKernel{TShortcut, TPRelu, TSign, TLanes}"/>, differentiable once.</summary>
/// <remarks>Keeps the input, the shortcut and <c>[2, C]</c> statistics; the inner values are computed again in the backward pass.</remarks>
internal sealed unsafe class NormalizeFunction : FusedFunction<NormalizeFunction, NormalizeFunction.Plan>
{
    /// <param name="input">float32, channels-last, on the CPU.</param>
    /// <param name="shortcut">Likewise, or null.</param>
    /// <param name="slope">Of a PReLU, or null.</param>
    /// <param name="state">Weight, bias and statistics.</param>
    /// <param name="estimator">Sign at the end, or null.</param>
    public static Tensor Apply(Tensor input, Tensor? shortcut, Tensor? slope, NormalizationState state, SignEstimator? estimator)
    {
        var forms = NormalizeForms.Of(shortcut is not null, slope is not null, estimator);
        return Run(new Plan(state, forms, (int)input.size(1)), input, state.Weight, state.Bias, shortcut, slope);
    }

    /// <summary>The directional derivative with the statistics of the batch: the Jacobian is symmetric up to the weight, so it is the backward pass.</summary>
    public static Tensor Tangent(Tensor input, Tensor direction, Tensor? weight)
    {
        var channels = (int)input.size(1);
        var statistics = empty(2, channels);
        NormalizePasses.Statistics(Dense.Pointer(input), input.numel() / channels, channels, Dense.Pointer(statistics));
        var result = Dense.NewLike(input);
        var job = Job([input, weight?.contiguous(), null, null, null], statistics, channels);
        job.G = Dense.Pointer(direction);
        job.InputGradient = Dense.Pointer(result);
        NormalizePasses.Backward(job, NormalizeForms.Of(false, false, null), channels, Dense.Pointer(statistics) + channels, true, null, null, null);
        return result;
    }

    protected override Tensor Forward(Plan plan, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        var input = inputs[0]!;
        var statistics = Statistics.Take(input, plan.State);
        var result = Dense.NewLike(input);
        var job = Job(inputs, statistics, plan.Channels);
        job.Y = Dense.Pointer(result);
        WorkerPool.Run(plan.Forms.Forward, &job, job.Count);
        saved = [.. inputs, statistics];
        return result;
    }

    protected override Tensor?[] Backward(Plan plan, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var (input, weight, bias, shortcut, slope, statistics) = (saved[0]!, saved[1], saved[2], saved[3], saved[4], saved[5]!);
        var dense = Dense.ToChannelsLast(gradient);
        var job = Job(saved, statistics, plan.Channels);
        var inputGradient = Dense.NewLike(input);
        var inner = shortcut is null ? null : Dense.NewLike(input);
        job.G = Dense.Pointer(dense);
        job.InputGradient = Dense.Pointer(inputGradient);
        job.Inner = Dense.PointerOrNull(inner);

        var weightGradient = weight is null ? null : empty_like(weight);
        var biasGradient = bias is null ? null : empty_like(bias);
        var slopeGradient = slope is null ? null : empty_like(slope);
        NormalizePasses.Backward(
            job, plan.Forms, plan.Channels, Dense.Pointer(statistics) + plan.Channels, plan.State.Training,
            Dense.PointerOrNull(weightGradient), Dense.PointerOrNull(biasGradient), Dense.PointerOrNull(slopeGradient));
        return [inputGradient, weightGradient, biasGradient, inner, slopeGradient];
    }

    // The tensors are input, weight, bias, shortcut and slope.
    private static NormalizeJob Job(Tensor?[] tensors, Tensor statistics, int channels) =>
        NormalizePasses.Prepare(
            Dense.Pointer(tensors[0]!),
            tensors[0]!.numel(),
            channels,
            Dense.Pointer(statistics),
            Dense.PointerOrNull(tensors[1]),
            Dense.PointerOrNull(tensors[2]),
            Dense.PointerOrNull(tensors[3]),
            Dense.PointerOrNull(tensors[4]));

    internal sealed record Plan(NormalizationState State, NormalizeForms Forms, int Channels);
}
