using System.Runtime.CompilerServices;
namespace DcpNas.Operators.Kernels;

/// <summary><c>[sign] [PReLU] ((x - mean) scale + bias [+ shortcut])</c> and its gradient, over channels-last memory.</summary>
/// <remarks>
/// The backward pass recomputes the inner values from x, which is alive anyway, instead of keeping them. It goes over the data twice: sums
/// first, then the gradient <c>scale g' - constant - (x - mean) along</c>, where constant and along carry the dependence of the batch
/// statistics on x (both 0 with running statistics).
/// </remarks>
internal static unsafe class NormalizeKernel<TShortcut, TPRelu, TSign, TLanes>
    where TShortcut : struct, IFlag
    where TPRelu : struct, IFlag
    where TSign : struct, ISignForm
    where TLanes : struct, ILanes<TLanes>
{
    public static void Forward(void* state, int chunk)
    {
        var job = (NormalizeJob*)state;
        var (start, end) = Tile.Range(job->Elements, job->Period, job->Count, chunk);
        ForwardRange(job, start, end);
    }

    /// <summary>The values of some elements; <paramref name="start"/> is that of a pixel.</summary>
    public static void ForwardRange(NormalizeJob* job, long start, long end)
    {
        float* x = job->X, shortcut = job->Shortcut, y = job->Y, mean = job->Mean, scale = job->Scale, bias = job->Bias, slope = job->Slope;
        for (; start < end; start += job->Period)
        {
            var length = Math.Min(job->Period, end - start);
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var value = TLanes.FusedMultiplyAdd(TLanes.Load(x + start + j) - TLanes.Load(mean + j), TLanes.Load(scale + j), TLanes.Load(bias + j));
                if (TShortcut.On)
                {
                    value += TLanes.Load(shortcut + start + j);
                }

                if (TPRelu.On)
                {
                    value = TLanes.Select(TLanes.GreaterThan(value, TLanes.Zero), value, value * TLanes.Load(slope + j));
                }

                (TSign.On ? SignKernel.Sign(value) : value).Store(y + start + j);
            }

            for (; j < length; j++)
            {
                var value = MathF.FusedMultiplyAdd(x[start + j] - mean[j], scale[j], bias[j]) + (TShortcut.On ? shortcut[start + j] : 0f);
                value = TPRelu.On && !(value > 0) ? value * slope[j] : value;
                y[start + j] = TSign.On ? SignKernel.Sign(value) : value;
            }
        }
    }

    /// <summary>The sums over the inner gradient; writes that gradient where it is asked for.</summary>
    public static void Sum(void* state, int chunk)
    {
        var job = (NormalizeJob*)state;
        var (start, end) = Tile.Range(job->Elements, job->Period, job->Count, chunk);
        SumRange(job, chunk, start, end);
    }

    /// <summary>Adds some elements to the sums of a chunk.</summary>
    public static void SumRange(NormalizeJob* job, int chunk, long start, long end)
    {
        var plane = (long)job->Count * job->Period;
        float* sums = job->Sums + ((long)chunk * job->Period), products = sums + plane, slopes = products + plane;
        float* x = job->X, mean = job->Mean, inner = job->Inner;
        for (; start < end; start += job->Period)
        {
            var length = Math.Min(job->Period, end - start);
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var centred = TLanes.Load(x + start + j) - TLanes.Load(mean + j);
                var gradient = Inner(job, start, j, centred, out var slopeGradient);
                if (inner != null)
                {
                    gradient.Store(inner + start + j);
                }

                (TLanes.Load(sums + j) + gradient).Store(sums + j);
                TLanes.FusedMultiplyAdd(gradient, centred, TLanes.Load(products + j)).Store(products + j);
                if (TPRelu.On)
                {
                    (TLanes.Load(slopes + j) + slopeGradient).Store(slopes + j);
                }
            }

            for (; j < length; j++)
            {
                var centred = x[start + j] - mean[j];
                var gradient = Inner(job, start, j, centred, out var slopeGradient);
                if (inner != null)
                {
                    inner[start + j] = gradient;
                }

                sums[j] += gradient;
                products[j] += gradient * centred;
                slopes[j] += slopeGradient;
            }
        }
    }

    /// <summary>The gradient to the input from the two constants.</summary>
    public static void Spread(void* state, int chunk)
    {
        var job = (NormalizeJob*)state;
        var (start, end) = Tile.Range(job->Elements, job->Period, job->Count, chunk);
        float* x = job->X, mean = job->Mean, scale = job->Scale, inner = job->Inner, target = job->InputGradient, constant = job->Constant, along = job->Along;
        for (; start < end; start += job->Period)
        {
            var length = Math.Min(job->Period, end - start);
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var centred = TLanes.Load(x + start + j) - TLanes.Load(mean + j);
                var gradient = inner != null ? TLanes.Load(inner + start + j) : Inner(job, start, j, centred, out _);
                var direct = TLanes.FusedMultiplyAdd(gradient, TLanes.Load(scale + j), -TLanes.Load(constant + j));
                TLanes.FusedMultiplyAdd(-centred, TLanes.Load(along + j), direct).Store(target + start + j);
            }

            for (; j < length; j++)
            {
                var centred = x[start + j] - mean[j];
                var gradient = inner != null ? inner[start + j] : Inner(job, start, j, centred, out _);
                target[start + j] = MathF.FusedMultiplyAdd(-centred, along[j], MathF.FusedMultiplyAdd(gradient, scale[j], -constant[j]));
            }
        }
    }

    /// <summary>The gradient to the normalised value, and the slope's share of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Inner(NormalizeJob* job, long start, int j, TLanes centred, out TLanes slopeGradient)
    {
        var gradient = TLanes.Load(job->G + start + j);
        slopeGradient = default;
        if (!TPRelu.On && !TSign.On)
        {
            return gradient;
        }

        var value = TLanes.FusedMultiplyAdd(centred, TLanes.Load(job->Scale + j), TLanes.Load(job->Bias + j));
        if (TShortcut.On)
        {
            value += TLanes.Load(job->Shortcut + start + j);
        }

        if (!TPRelu.On)
        {
            return gradient * TSign.Slope(value);
        }

        var slope = TLanes.Load(job->Slope + j);
        var positive = TLanes.GreaterThan(value, TLanes.Zero);
        if (TSign.On)
        {
            gradient *= TSign.Slope(TLanes.Select(positive, value, value * slope));
        }

        slopeGradient = gradient * TLanes.Select(positive, TLanes.Zero, value);
        return TLanes.Select(positive, gradient, gradient * slope);
    }

    private static float Inner(NormalizeJob* job, long start, int j, float centred, out float slopeGradient)
    {
        var gradient = job->G[start + j];
        slopeGradient = 0;
        if (!TPRelu.On && !TSign.On)
        {
            return gradient;
        }

        var value = MathF.FusedMultiplyAdd(centred, job->Scale[j], job->Bias[j]) + (TShortcut.On ? job->Shortcut[start + j] : 0f);
        if (!TPRelu.On)
        {
            return gradient * TSign.Slope(value);
        }

        var positive = value > 0;
        gradient *= TSign.Slope(positive ? value : value * job->Slope[j]);
        slopeGradient = positive ? 0 : gradient * value;
        return positive ? gradient : gradient * job->Slope[j];
    }
}
