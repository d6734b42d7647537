using System.Runtime.Intrinsics;

namespace DcpNas.Operators.Kernels;

/// <summary>sign(x) with sign(0) = +1 and NaN kept, and its two surrogate derivatives, over any dense memory.</summary>
internal static unsafe class SignKernel
{
    public static void Forward(float* x, float* y, long count)
    {
        var job = new Job { X = x, Y = y, Count = count, Chunks = Chunks.Count(count) };
        WorkerPool.Run(&ForwardChunk, &job, job.Chunks);
    }

    /// <summary><c>y = g s(x)</c>, or <c>y = s(x)</c> where <paramref name="g"/> is null.</summary>
    public static void Backward(float* x, float* g, float* y, long count, bool biReal)
    {
        var job = new Job { X = x, G = g, Y = y, Count = count, Chunks = Chunks.Count(count), BiReal = biReal };
        WorkerPool.Run(&BackwardChunk, &job, job.Chunks);
    }

    public static Vector512<float> Sign(Vector512<float> x)
    {
        var one = Vector512<float>.One;
        var negative = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), -one, x);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero), one, negative);
    }

    public static float Sign(float x) => x >= 0 ? 1f : x < 0 ? -1f : x;

    /// <summary><c>max(0, 2 - 2|x|)</c>.</summary>
    public static Vector512<float> BiRealSlope(Vector512<float> x)
    {
        var two = Vector512.Create(2f);
        return Vector512.Max(Vector512<float>.Zero, two - (two * Vector512.Abs(x)));
    }

    public static float BiRealSlope(float x) => MathF.Max(0f, 2f - (2f * MathF.Abs(x)));

    /// <summary>1 where <c>|x| &lt;= 1</c>, else 0.</summary>
    public static Vector512<float> StraightThroughSlope(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.LessThanOrEqual(Vector512.Abs(x), Vector512<float>.One), Vector512<float>.One, Vector512<float>.Zero);

    public static float StraightThroughSlope(float x) => MathF.Abs(x) <= 1f ? 1f : 0f;

    private static void ForwardChunk(void* state, int chunk)
    {
        var job = (Job*)state;
        var (i, end) = job->Range(chunk);
        float* x = job->X, y = job->Y;
        for (; i + Chunks.Lanes <= end; i += Chunks.Lanes)
        {
            Sign(Vector512.Load(x + i)).Store(y + i);
        }

        for (; i < end; i++)
        {
            y[i] = Sign(x[i]);
        }
    }

    private static void BackwardChunk(void* state, int chunk)
    {
        var job = (Job*)state;
        var (i, end) = job->Range(chunk);
        float* x = job->X, g = job->G, y = job->Y;
        for (; i + Chunks.Lanes <= end; i += Chunks.Lanes)
        {
            var value = Vector512.Load(x + i);
            var slope = job->BiReal ? BiRealSlope(value) : StraightThroughSlope(value);
            (g == null ? slope : slope * Vector512.Load(g + i)).Store(y + i);
        }

        for (; i < end; i++)
        {
            var slope = job->BiReal ? BiRealSlope(x[i]) : StraightThroughSlope(x[i]);
            y[i] = g == null ? slope : slope * g[i];
        }
    }

    private struct Job
    {
        public float* X;
        public float* G;
        public float* Y;
        public long Count;
        public int Chunks;
        public bool BiReal;

        public readonly (long Start, long End) Range(int chunk) =>
            (Kernels.Chunks.Start(Count, Chunks, chunk), Kernels.Chunks.Start(Count, Chunks, chunk + 1));
    }
}
