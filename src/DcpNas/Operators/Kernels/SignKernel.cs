using System.Runtime.CompilerServices;
namespace DcpNas.Operators.Kernels;

/// <summary>sign(x) with sign(0) = +1 and NaN kept, and its two surrogate derivatives, over any dense memory.</summary>
internal static unsafe class SignKernel
{
    public static void Forward(float* x, float* y, long count)
    {
        var job = new Job { X = x, Y = y, Count = count, Chunks = Chunks.Count(count) };
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, job.Chunks);
    }

    /// <summary><c>y = g s(x)</c>, or <c>y = s(x)</c> where <paramref name="g"/> is null.</summary>
    public static void Backward(float* x, float* g, float* y, long count, bool biReal)
    {
        var job = new Job { X = x, G = g, Y = y, Count = count, Chunks = Chunks.Count(count), BiReal = biReal };
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, job.Chunks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Sign<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.One;
        var negative = TLanes.Select(TLanes.LessThan(x, TLanes.Zero), -one, x);
        return TLanes.Select(TLanes.GreaterThanOrEqual(x, TLanes.Zero), one, negative);
    }

    public static float Sign(float x) => x >= 0 ? 1f : x < 0 ? -1f : x;

    /// <summary><c>max(0, 2 - 2|x|)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes BiRealSlope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var two = TLanes.Create(2f);
        return TLanes.Max(TLanes.Zero, two - (two * TLanes.Abs(x)));
    }

    public static float BiRealSlope(float x) => MathF.Max(0f, 2f - (2f * MathF.Abs(x)));

    /// <summary>1 where <c>|x| &lt;= 1</c>, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes StraightThroughSlope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Select(TLanes.LessThanOrEqual(TLanes.Abs(x), TLanes.One), TLanes.One, TLanes.Zero);

    public static float StraightThroughSlope(float x) => MathF.Abs(x) <= 1f ? 1f : 0f;

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var (i, end) = job->Range(chunk);
        float* x = job->X, y = job->Y;
        for (var whole = i + Chunks.Whole(end - i); i < whole; i += TLanes.Count)
        {
            Sign(TLanes.Load(x + i)).Store(y + i);
        }

        for (; i < end; i++)
        {
            y[i] = Sign(x[i]);
        }
    }

    private static void BackwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var (i, end) = job->Range(chunk);
        float* x = job->X, g = job->G, y = job->Y;
        for (var whole = i + Chunks.Whole(end - i); i < whole; i += TLanes.Count)
        {
            var value = TLanes.Load(x + i);
            var slope = job->BiReal ? BiRealSlope(value) : StraightThroughSlope(value);
            (g == null ? slope : slope * TLanes.Load(g + i)).Store(y + i);
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
