namespace DcpNas.Operators.Kernels;

/// <summary>Mean and biased variance per channel of channels-last memory.</summary>
/// <remarks>
/// One pass over differences from the first pixel, so that a large common offset costs no digits; short float sums, joined in double
/// precision.
/// </remarks>
internal static unsafe class StatisticsKernel
{
    /// <param name="x">Input.</param>
    /// <param name="rows">Pixels of all samples.</param>
    /// <param name="channels">C.</param>
    /// <param name="mean"><c>[C]</c>, written.</param>
    /// <param name="variance"><c>[C]</c>, written.</param>
    public static void Run(float* x, long rows, int channels, float* mean, float* variance)
    {
        var elements = rows * channels;
        var job = new Job { X = x, Elements = elements, Period = Chunks.Period(channels), Count = Chunks.Count(elements) };
        job.Shift = Tile.Repeat(0, x, channels);
        job.Sums = Scratch.Zeroed(1, 2L * job.Count * job.Period);
        WorkerPool.Run(Lanes16.AreInHardware ? &Chunk<Lanes16> : &Chunk<Lanes8>, &job, job.Count);

        var squares = job.Sums + ((long)job.Count * job.Period);
        for (var c = 0; c < channels; c++)
        {
            var first = Tile.Fold(job.Sums, job.Count, job.Period, channels, c) / rows;
            var second = Tile.Fold(squares, job.Count, job.Period, channels, c) / rows;
            mean[c] = (float)(job.Shift[c] + first);
            variance[c] = (float)Math.Max(0, second - (first * first));
        }
    }

    private static void Chunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var (start, end) = Tile.Range(job->Elements, job->Period, job->Count, chunk);
        float* x = job->X, shift = job->Shift, sums = job->Sums + ((long)chunk * job->Period);
        var squares = sums + ((long)job->Count * job->Period);
        for (; start < end; start += job->Period)
        {
            var length = Math.Min(job->Period, end - start);
            var j = 0;
            for (var whole = Chunks.Whole(length); j < whole; j += TLanes.Count)
            {
                var difference = TLanes.Load(x + start + j) - TLanes.Load(shift + j);
                (TLanes.Load(sums + j) + difference).Store(sums + j);
                TLanes.FusedMultiplyAdd(difference, difference, TLanes.Load(squares + j)).Store(squares + j);
            }

            for (; j < length; j++)
            {
                var difference = x[start + j] - shift[j];
                sums[j] += difference;
                squares[j] += difference * difference;
            }
        }
    }

    private struct Job
    {
        public float* X;
        public float* Shift;
        public float* Sums;
        public long Elements;
        public int Period;
        public int Count;
    }
}
