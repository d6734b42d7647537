using System.Runtime.Intrinsics;

namespace DcpNas.Operators.Kernels;

/// <summary><c>y = sum_m p_m t_m</c> and its gradients, all terms block by block, so that the sum stays in the first cache.</summary>
internal static unsafe class MixedSumKernel
{
    private const int Block = 2048;

    public static void Forward(float* factors, float** terms, int count, float* y, long elements)
    {
        var job = new Job { Factors = factors, Terms = terms, Count = count, Y = y, Elements = elements, Chunks = Chunks.Count(elements) };
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, job.Chunks);
    }

    /// <summary>Gradients to the terms (null entries are left out) and to the factors (unless null).</summary>
    public static void Backward(float* factors, float** terms, int count, float* g, float** termGradients, float* factorGradients, long elements)
    {
        var job = new Job { Factors = factors, Terms = terms, Count = count, Y = g, Gradients = termGradients, Elements = elements, Chunks = Chunks.Count(elements) };
        job.Sums = factorGradients == null ? null : Scratch.Zeroed(1, (long)job.Chunks * count);
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, job.Chunks);
        for (var m = 0; factorGradients != null && m < count; m++)
        {
            double sum = 0;
            for (var chunk = 0; chunk < job.Chunks; chunk++)
            {
                sum += job.Sums[((long)chunk * count) + m];
            }

            factorGradients[m] = (float)sum;
        }
    }

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var end = Chunks.Start(job->Elements, job->Chunks, chunk + 1);
        for (var start = Chunks.Start(job->Elements, job->Chunks, chunk); start < end; start += Block)
        {
            var length = (int)Math.Min(Block, end - start);
            for (var m = 0; m < job->Count; m++)
            {
                Accumulate<TLanes>(job->Factors[m], job->Terms[m] + start, job->Y + start, length, m == 0);
            }
        }
    }

    internal static void Accumulate<TLanes>(float factor, float* term, float* y, int length, bool first)
        where TLanes : struct, ILanes<TLanes>
    {
        var j = 0;
        var wide = TLanes.Create(factor);
        for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
        {
            var product = first ? wide * TLanes.Load(term + j) : TLanes.FusedMultiplyAdd(wide, TLanes.Load(term + j), TLanes.Load(y + j));
            product.Store(y + j);
        }

        for (; j < length; j++)
        {
            y[j] = first ? factor * term[j] : MathF.FusedMultiplyAdd(factor, term[j], y[j]);
        }
    }

    private static void BackwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var end = Chunks.Start(job->Elements, job->Chunks, chunk + 1);
        for (var start = Chunks.Start(job->Elements, job->Chunks, chunk); start < end; start += Block)
        {
            var length = (int)Math.Min(Block, end - start);
            for (var m = 0; m < job->Count; m++)
            {
                if (job->Gradients[m] != null)
                {
                    Accumulate<TLanes>(job->Factors[m], job->Y + start, job->Gradients[m] + start, length, first: true);
                }

                if (job->Sums != null)
                {
                    job->Sums[((long)chunk * job->Count) + m] += Dot(job->Terms[m] + start, job->Y + start, length);
                }
            }
        }
    }

    private static float Dot(float* a, float* b, int length) => Lanes16.AreInHardware ? Dot16(a, b, length) : Dot8(a, b, length);

    /// <summary>Four sums of sixteen lanes.</summary>
    internal static float Dot16(float* a, float* b, int length)
    {
        var s0 = Vector512<float>.Zero;
        var s1 = s0;
        var s2 = s0;
        var s3 = s0;
        for (var j = 0; j + (4 * Chunks.Lanes) <= length; j += 4 * Chunks.Lanes)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a + j), Vector512.Load(b + j), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(a + j + 16), Vector512.Load(b + j + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(a + j + 32), Vector512.Load(b + j + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(a + j + 48), Vector512.Load(b + j + 48), s3);
        }

        return AddRest(Vector512.Sum(s0 + s1 + (s2 + s3)), a, b, length);
    }

    /// <summary>The same sums in the same order, each in two halves.</summary>
    internal static float Dot8(float* a, float* b, int length)
    {
        Vector256<float> l0, l1, l2, l3, h0, h1, h2, h3;
        l0 = l1 = l2 = l3 = h0 = h1 = h2 = h3 = Vector256<float>.Zero;
        for (var j = 0; j + (4 * Chunks.Lanes) <= length; j += 4 * Chunks.Lanes)
        {
            l0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j), Vector256.Load(b + j), l0);
            h0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j + 8), Vector256.Load(b + j + 8), h0);
            l1 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j + 16), Vector256.Load(b + j + 16), l1);
            h1 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j + 24), Vector256.Load(b + j + 24), h1);
            l2 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j + 32), Vector256.Load(b + j + 32), l2);
            h2 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j + 40), Vector256.Load(b + j + 40), h2);
            l3 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j + 48), Vector256.Load(b + j + 48), l3);
            h3 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j + 56), Vector256.Load(b + j + 56), h3);
        }

        return AddRest(Vector256.Sum(l0 + l1 + (l2 + l3)) + Vector256.Sum(h0 + h1 + (h2 + h3)), a, b, length);
    }

    private static float AddRest(float sum, float* a, float* b, int length)
    {
        for (var j = length / (4 * Chunks.Lanes) * (4 * Chunks.Lanes); j < length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }

    private struct Job
    {
        public float* Factors;
        public float** Terms;
        public float* Y;
        public float** Gradients;
        public float* Sums;
        public long Elements;
        public int Count;
        public int Chunks;
    }
}
