using System.Runtime.CompilerServices;

namespace DcpNas.Operators.Kernels;

/// <summary>3x3 maximum over channels-last memory; the position of each maximum is kept in a byte (tap = 3 row + column).</summary>
/// <remarks>As in libtorch the first of several equal maxima counts, and NaN wins.</remarks>
internal static unsafe class MaxPoolKernel
{
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    /// <param name="taps">One byte per output, or null if no gradient is wanted.</param>
    /// <param name="shape">Sizes.</param>
    public static void Forward(float* x, float* y, byte* taps, in WindowShape shape)
    {
        var job = new Job { Shape = shape, X = x, Y = y, Taps = taps };
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, shape.Chunks);
    }

    public static void Backward(float* g, byte* taps, float* inputGradient, in WindowShape shape)
    {
        var job = new Job { Shape = shape, X = g, Y = inputGradient, Taps = taps };
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, shape.Chunks);
    }

    /// <summary>Takes from <paramref name="x"/> the values at the kept positions.</summary>
    public static void Gather(float* x, byte* taps, float* y, in WindowShape shape)
    {
        var job = new Job { Shape = shape, X = x, Y = y, Taps = taps };
        WorkerPool.Run(&GatherChunk, &job, shape.Chunks);
    }

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var s = job->Shape;
        var run = new Maximum<TLanes> { Job = job };
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
        var run = new Scatter<TLanes> { Job = job };
        for (var n = Chunks.Start(s.Samples, s.Chunks, chunk); n < Chunks.Start(s.Samples, s.Chunks, chunk + 1); n++)
        {
            WindowSweep.Inputs(ref run, s, n * s.OutputFloats, n * s.InputFloats);
        }
    }

    private static void GatherChunk(void* state, int chunk)
    {
        var job = (Job*)state;
        var s = job->Shape;
        var run = new Select { Job = job };
        for (var n = Chunks.Start(s.Samples, s.Chunks, chunk); n < Chunks.Start(s.Samples, s.Chunks, chunk + 1); n++)
        {
            WindowSweep.Outputs(ref run, s, n * s.InputFloats, n * s.OutputFloats);
        }
    }

    /// <summary>A whole number in every lane.</summary>
    private static TLanes Bits<TLanes>(int number)
        where TLanes : struct, ILanes<TLanes> => TLanes.Create(BitConverter.Int32BitsToSingle(number));

    private struct Job
    {
        public WindowShape Shape;
        public float* X;
        public float* Y;
        public byte* Taps;
    }

    private struct Maximum<TLanes> : IWindowRun
        where TLanes : struct, ILanes<TLanes>
    {
        public Job* Job;

        [MethodImpl(MethodImplOptions.NoInlining)] // the sweep has several runs: all in one method would be more than the compiler inlines registers in
        public readonly void Run(in WindowTaps taps, long source, long target, int length)
        {
            var x = Job->X + source;
            var y = Job->Y + target;
            var keep = Job->Taps == null ? null : Job->Taps + target;
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var best = TLanes.Load(x + taps.Offset[0] + j);
                var tap = Bits<TLanes>(taps.Tap[0]);
                for (var t = 1; t < taps.Count; t++)
                {
                    var value = TLanes.Load(x + taps.Offset[t] + j);
                    var greater = TLanes.Or(TLanes.GreaterThan(value, best), TLanes.IsNaN(value));
                    best = TLanes.Select(greater, value, best);
                    tap = TLanes.Select(greater, Bits<TLanes>(taps.Tap[t]), tap);
                }

                best.Store(y + j);
                if (keep != null)
                {
                    tap.StoreBytes(keep + j);
                }
            }

            for (; j < length; j++)
            {
                var best = x[taps.Offset[0] + j];
                var tap = taps.Tap[0];
                for (var t = 1; t < taps.Count; t++)
                {
                    var value = x[taps.Offset[t] + j];
                    if (value > best || float.IsNaN(value))
                    {
                        (best, tap) = (value, taps.Tap[t]);
                    }
                }

                y[j] = best;
                if (keep != null)
                {
                    keep[j] = (byte)tap;
                }
            }
        }
    }

    private struct Scatter<TLanes> : IWindowRun
        where TLanes : struct, ILanes<TLanes>
    {
        public Job* Job;

        [MethodImpl(MethodImplOptions.NoInlining)] // the sweep has several runs: all in one method would be more than the compiler inlines registers in
        public readonly void Run(in WindowTaps taps, long source, long target, int length)
        {
            var g = Job->X + source;
            var keep = Job->Taps + source;
            var y = Job->Y + target;
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var sum = TLanes.Zero;
                for (var t = 0; t < taps.Count; t++)
                {
                    var chosen = TLanes.EqualBits(TLanes.LoadBytes(keep + taps.Offset[t] + j), Bits<TLanes>(taps.Tap[t]));
                    sum += TLanes.Select(chosen, TLanes.Load(g + taps.Offset[t] + j), TLanes.Zero);
                }

                sum.Store(y + j);
            }

            for (; j < length; j++)
            {
                var sum = 0f;
                for (var t = 0; t < taps.Count; t++)
                {
                    sum += keep[taps.Offset[t] + j] == taps.Tap[t] ? g[taps.Offset[t] + j] : 0f;
                }

                y[j] = sum;
            }
        }
    }

    private struct Select : IWindowRun
    {
        public Job* Job;

        public readonly void Run(in WindowTaps taps, long source, long target, int length)
        {
            var x = Job->X + source;
            var keep = Job->Taps + target;
            var y = Job->Y + target;
            for (var j = 0; j < length; j++)
            {
                for (var t = 0; t < taps.Count; t++)
                {
                    if (keep[j] == taps.Tap[t])
                    {
                        y[j] = x[taps.Offset[t] + j];
                        break;
                    }
                }
            }
        }
    }
}
