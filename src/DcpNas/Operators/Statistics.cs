using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>What a fast normalisation subtracts and divides by.</summary>
internal static unsafe class Statistics
{
    /// <summary>Mean and <c>1 / sqrt(var + eps)</c>, <c>[2, C]</c>: of the batch, which moves the running ones, or the running ones.</summary>
    /// <param name="input">float32, channels-last, on the CPU.</param>
    /// <param name="state">Running statistics in float32, dense.</param>
    public static Tensor Take(Tensor input, NormalizationState state)
    {
        var channels = (int)input.size(1);
        var rows = input.numel() / channels;
        var result = empty(2, channels, ScalarType.Float32);
        var mean = Dense.Pointer(result);
        var inverse = mean + channels;
        if (!state.Training)
        {
            float* keptMean = Dense.Pointer(state.RunningMean!), keptVariance = Dense.Pointer(state.RunningVariance!);
            for (var c = 0; c < channels; c++)
            {
                mean[c] = keptMean[c];
                inverse[c] = (float)(1 / Math.Sqrt(keptVariance[c] + Normalization.Epsilon));
            }

            return result;
        }

        NormalizePasses.Statistics(Dense.Pointer(input), rows, channels, mean);
        Move(state.RunningMean, mean, channels, state.Momentum, inverted: false, 1);
        Move(state.RunningVariance, inverse, channels, state.Momentum, inverted: true, (double)rows / Math.Max(1, rows - 1));
        return result;
    }

    /// <summary>Whether <see cref="Take"/> can read and write the running statistics.</summary>
    public static bool Accepts(NormalizationState state) => IsPlain(state.RunningMean) && IsPlain(state.RunningVariance);

    private static bool IsPlain(Tensor? tensor) => tensor is null || (Dense.IsFloatOnCpu(tensor) && tensor.is_contiguous());

    private static void Move(Tensor? running, float* values, int channels, double momentum, bool inverted, double factor)
    {
        if (running is null)
        {
            return;
        }

        var kept = Dense.Pointer(running);
        for (var c = 0; c < channels; c++)
        {
            var value = inverted ? (1 / ((double)values[c] * values[c])) - Normalization.Epsilon : values[c];
            kept[c] = (float)(((1 - momentum) * kept[c]) + (momentum * factor * value));
        }
    }
}
