namespace DcpNas.Runtime;

/// <summary>Weights of 8 or 16 bits with one scale per output channel.</summary>
internal static class IntegerWeights
{
    private const int MostSum = int.MaxValue / Number16.Bound;

    /// <summary>Rounds weights to multiples of the largest of their output channel / <paramref name="most"/>; of more where the sum of a channel's weights would overflow 32 bits.</summary>
    /// <param name="weights"><c>[out][...]</c>; depthwise <c>[...][channel]</c>.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="depthwise">Which of both.</param>
    /// <param name="most">The largest whole weight.</param>
    /// <returns>The weights, in the same order, and what 1 stands for per output channel; 0 where all weights are 0.</returns>
    public static (short[] Weights, double[] Scales) Quantize(ReadOnlySpan<float> weights, int outputs, bool depthwise, int most)
    {
        var terms = weights.Length / outputs;
        var (quantized, scales) = (new short[weights.Length], new double[outputs]);
        for (var output = 0; output < outputs; output++)
        {
            var (first, step) = depthwise ? (output, outputs) : (output * terms, 1);
            var largest = 0.0;
            for (var term = 0; term < terms; term++)
            {
                largest = Math.Max(largest, Math.Abs(weights[first + (term * step)]));
            }

            for (var levels = (double)most; largest > 0; levels *= 0.99)
            {
                scales[output] = largest / levels;
                long sum = 0;
                for (var term = 0; term < terms; term++)
                {
                    var place = first + (term * step);
                    quantized[place] = (short)Math.Round(weights[place] / scales[output]);
                    sum += Math.Abs((int)quantized[place]);
                }

                if (sum <= MostSum)
                {
                    break;
                }
            }
        }

        return (quantized, scales);
    }
}
