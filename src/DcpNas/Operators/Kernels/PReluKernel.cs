namespace DcpNas.Operators.Kernels;

/// <summary>PReLU over channels-last memory. The slope is repeated along the period of the channels, so that one flat sweep serves any C.</summary>
internal static unsafe class PReluKernel
{
    public static void Forward(float* x, float* slope, float* y, long rows, int channels)
    {
        var job = new Job(x, null, y, rows, channels) { Slope = Tile.Repeat(0, slope, channels) };
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, job.Count);
    }

    /// <summary>Gradients to the input and, where <paramref name="slopeGradient"/> is not null, to the slope.</summary>
    public static void Backward(float* x, float* slope, float* g, float* inputGradient, float* slopeGradient, long rows, int channels)
    {
        var job = new Job(x, g, inputGradient, rows, channels) { Slope = Tile.Repeat(0, slope, channels) };
        job.Sums = Scratch.Zeroed(1, (long)job.Count * job.Period);
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, job.Count);
        if (slopeGradient != null)
        {
            Tile.Fold(job.Sums, job.Count, job.Period, channels, slopeGradient);
        }
    }

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var (start, end) = job->Range(chunk);
        float* x = job->X, y = job->Y, slope = job->Slope;
        for (; start < end; start += job->Period)
        {
            var length = Math.Min(job->Period, end - start);
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var value = TLanes.Load(x + start + j);
                var positive = TLanes.GreaterThan(value, TLanes.Zero);
                TLanes.Select(positive, value, value * TLanes.Load(slope + j)).Store(y + start + j);
            }

            for (; j < length; j++)
            {
                var value = x[start + j];
                y[start + j] = value > 0 ? value : value * slope[j];
            }
        }
    }

    private static void BackwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var (start, end) = job->Range(chunk);
        float* x = job->X, g = job->G, y = job->Y, slope = job->Slope, sums = job->Sums + ((long)chunk * job->Period);
        for (; start < end; start += job->Period)
        {
            var length = Math.Min(job->Period, end - start);
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var value = TLanes.Load(x + start + j);
                var gradient = TLanes.Load(g + start + j);
                var positive = TLanes.GreaterThan(value, TLanes.Zero);
                TLanes.Select(positive, gradient, gradient * TLanes.Load(slope + j)).Store(y + start + j);
                var below = TLanes.Select(positive, TLanes.Zero, value);
                TLanes.FusedMultiplyAdd(below, gradient, TLanes.Load(sums + j)).Store(sums + j);
            }

            for (; j < length; j++)
            {
                var value = x[start + j];
                var gradient = g[start + j];
                y[start + j] = value > 0 ? gradient : gradient * slope[j];
                sums[j] += value > 0 ? 0 : value * gradient;
            }
        }
    }

    private struct Job(float* x, float* g, float* y, long rows, int channels)
    {
        public readonly float* X = x;
        public readonly float* G = g;
        public readonly float* Y = y;
        public readonly int Period = Chunks.Period(channels);
        public readonly int Count = Chunks.Count(rows * channels);
        public float* Slope;
        public float* Sums;
        private readonly long _elements = rows * channels;

        public readonly (long Start, long End) Range(int chunk) => Tile.Range(_elements, Period, Count, chunk);
    }
}
