namespace DcpNas.Operators.Kernels;

/// <summary>Runs the passes of a fused normalisation and keeps its per-channel tables.</summary>
internal static unsafe class NormalizePasses
{
    private const int Partials = 1;
    private const int Tables = 2;

    /// <summary>Mean and <c>1 / sqrt(var + eps)</c> of the batch, <c>[2, C]</c>.</summary>
    public static void Statistics(float* x, long rows, int channels, float* result)
    {
        var inverse = result + channels;
        StatisticsKernel.Run(x, rows, channels, result, inverse);
        for (var c = 0; c < channels; c++)
        {
            inverse[c] = (float)(1 / Math.Sqrt(inverse[c] + Normalization.Epsilon));
        }
    }

    /// <summary>A job with its tables filled. The tables live in the scratch memory of the calling thread until its next normalisation.</summary>
    public static NormalizeJob Prepare(float* x, long elements, int channels, float* statistics, float* weight, float* bias, float* shortcut, float* slope)
    {
        var period = Chunks.Period(channels);
        var tables = Scratch.Floats(Tables, 6L * period);
        var job = new NormalizeJob
        {
            X = x,
            Shortcut = shortcut,
            Mean = tables,
            Scale = tables + period,
            Bias = tables + (2 * period),
            Slope = tables + (3 * period),
            Constant = tables + (4 * period),
            Along = tables + (5 * period),
            Elements = elements,
            Period = period,
            Count = Chunks.Count(elements),
        };
        for (var j = 0; j < period; j++)
        {
            var c = j % channels;
            job.Mean[j] = statistics[c];
            job.Scale[j] = statistics[channels + c] * (weight == null ? 1f : weight[c]);
            job.Bias[j] = bias == null ? 0f : bias[c];
            job.Slope[j] = slope == null ? 0f : slope[c];
        }

        return job;
    }

    /// <summary>Both backward passes. <paramref name="inverse"/> is <c>1 / sqrt(var + eps)</c> per channel; null addresses are left out.</summary>
    public static void Backward(
        NormalizeJob job, NormalizeForms forms, int channels, float* inverse, bool training, float* weightGradient, float* biasGradient, float* slopeGradient)
    {
        job.Sums = NewSums(job);
        WorkerPool.Run(forms.Sum, &job, job.Count);
        Finish(job, forms, channels, inverse, training, weightGradient, biasGradient, slopeGradient);
    }

    /// <summary>Cleared partial sums for <see cref="NormalizeJob.Sums"/>.</summary>
    public static float* NewSums(in NormalizeJob job) => Scratch.Zeroed(Partials, 3L * job.Count * job.Period);

    /// <summary>Turns the sums of the first pass into the gradients per channel and runs the second pass.</summary>
    public static void Finish(
        NormalizeJob job, NormalizeForms forms, int channels, float* inverse, bool training, float* weightGradient, float* biasGradient, float* slopeGradient)
    {
        var plane = (long)job.Count * job.Period;
        var rows = (double)(job.Elements / channels);
        for (var c = 0; c < channels; c++)
        {
            var sum = Tile.Fold(job.Sums, job.Count, job.Period, channels, c);
            var product = Tile.Fold(job.Sums + plane, job.Count, job.Period, channels, c);
            double scale = job.Scale[c], inv = inverse[c];
            job.Constant[c] = training ? (float)(scale * sum / rows) : 0f;
            job.Along[c] = training ? (float)(scale * inv * inv * product / rows) : 0f;
            if (weightGradient != null)
            {
                weightGradient[c] = (float)(inv * product);
            }

            if (biasGradient != null)
            {
                biasGradient[c] = (float)sum;
            }
        }

        if (slopeGradient != null)
        {
            Tile.Fold(job.Sums + (2 * plane), job.Count, job.Period, channels, slopeGradient);
        }

        for (var j = channels; j < job.Period; j++)
        {
            job.Constant[j] = job.Constant[j - channels];
            job.Along[j] = job.Along[j - channels];
        }

        WorkerPool.Run(forms.Spread, &job, job.Count);
    }
}
