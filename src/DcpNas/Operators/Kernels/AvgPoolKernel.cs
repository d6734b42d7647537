using System.Runtime.CompilerServices;

namespace DcpNas.Operators.Kernels;

/// <summary>3x3 mean over channels-last memory; only the taps inside the image are counted.</summary>
internal static unsafe class AvgPoolKernel
{
    private const int ScaledSample = 2;

    public static void Forward(float* x, float* y, in WindowShape shape)
    {
        var job = new Job { Shape = shape, X = x, Y = y };
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, shape.Chunks);
    }

    public static void Backward(float* g, float* inputGradient, in WindowShape shape)
    {
        var job = new Job { Shape = shape, X = g, Y = inputGradient };
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, shape.Chunks);
    }

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var s = job->Shape;
        var run = new Sum<TLanes> { X = job->X, Y = job->Y, Mean = true };
        for (var n = Chunks.Start(s.Samples, s.Chunks, chunk); n < Chunks.Start(s.Samples, s.Chunks, chunk + 1); n++)
        {
            WindowSweep.Outputs(ref run, s, n * s.InputFloats, n * s.OutputFloats);
        }
    }

    private static void BackwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var s = job->Shape;
        var scaled = Scratch.Floats(ScaledSample, s.OutputFloats);
        var run = new Sum<TLanes> { X = scaled, Y = job->Y };
        for (var n = Chunks.Start(s.Samples, s.Chunks, chunk); n < Chunks.Start(s.Samples, s.Chunks, chunk + 1); n++)
        {
            DivideByCount<TLanes>(job->X + (n * s.OutputFloats), scaled, s);
            WindowSweep.Inputs(ref run, s, 0, n * s.InputFloats);
        }
    }

    private static void DivideByCount<TLanes>(float* g, float* scaled, in WindowShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var row = 0; row < s.OutputHeight; row++)
        {
            var rows = Inside(row * s.Stride, s.Height);
            for (var column = 0; column < s.OutputWidth; column++)
            {
                var factor = 1f / (rows * Inside(column * s.Stride, s.Width));
                var c = 0;
                for (var whole = Chunks.Whole(s.Channels); c < whole; c += TLanes.Count)
                {
                    (TLanes.Load(g + c) * TLanes.Create(factor)).Store(scaled + c);
                }

                for (; c < s.Channels; c++)
                {
                    scaled[c] = g[c] * factor;
                }

                g += s.Channels;
                scaled += s.Channels;
            }
        }
    }

    /// <summary>Taps of three around a centre that lie inside.</summary>
    private static int Inside(int centre, int size) => Math.Min(size - 1, centre + 1) - Math.Max(0, centre - 1) + 1;

    private struct Job
    {
        public WindowShape Shape;
        public float* X;
        public float* Y;
    }

    private struct Sum<TLanes> : IWindowRun
        where TLanes : struct, ILanes<TLanes>
    {
        public float* X;
        public float* Y;
        public bool Mean;

        [MethodImpl(MethodImplOptions.NoInlining)] // the sweep has several runs: all in one method would be more than the compiler inlines registers in
        public readonly void Run(in WindowTaps taps, long source, long target, int length)
        {
            var x = X + source;
            var y = Y + target;
            var factor = Mean ? 1f / taps.Count : 1f;
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var sum = TLanes.Zero;
                for (var t = 0; t < taps.Count; t++)
                {
                    sum += TLanes.Load(x + taps.Offset[t] + j);
                }

                (sum * TLanes.Create(factor)).Store(y + j);
            }

            for (; j < length; j++)
            {
                var sum = 0f;
                for (var t = 0; t < taps.Count; t++)
                {
                    sum += x[taps.Offset[t] + j];
                }

                y[j] = sum * factor;
            }
        }
    }
}
