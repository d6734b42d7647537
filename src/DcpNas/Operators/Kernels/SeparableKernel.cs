using System.Runtime.InteropServices;

namespace DcpNas.Operators.Kernels;

/// <summary>BN -> PReLU -> [sign] -> pointwise over the output of a depthwise convolution, the values between kept only for a block of pixels.</summary>
internal static unsafe class SeparableKernel
{
    private const int BlockRows = 256;
    private const int Partials = 3;
    private const int Activations = 4;
    private const int Products = 5;
    private const int Widened = 6;

    /// <param name="normalize">Tables over the depthwise output; everything else is set here.</param>
    /// <param name="forms">Its form.</param>
    /// <param name="weight"><c>[D, C]</c>.</param>
    /// <param name="z">Output, <c>[rows, D]</c>.</param>
    /// <param name="channels">C.</param>
    /// <param name="outputs">D.</param>
    public static void Forward(in NormalizeJob normalize, NormalizeForms forms, float* weight, float* z, int channels, int outputs)
    {
        var job = new Job { Normalize = normalize, Forms = forms, Channels = channels, Outputs = outputs, Z = z };
        job.Matrix = PointwiseKernel.PackTransposed(weight, outputs, channels);
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, normalize.Count);
    }

    /// <summary>
    /// The first backward pass: the weight gradient, the gradient to the normalised value (to <see cref="NormalizeJob.Inner"/>) and the sums
    /// over it. <see cref="NormalizePasses.Finish"/> then gives the gradient to the depthwise output.
    /// </summary>
    public static void Backward(in NormalizeJob normalize, NormalizeForms forms, float* weight, float* zGradient, float* weightGradient, int channels, int outputs)
    {
        var job = new Job { Normalize = normalize, Forms = forms, Channels = channels, Outputs = outputs, Z = zGradient };
        job.Matrix = PointwiseKernel.Pack(weight, outputs, channels);
        job.Sums = weightGradient == null ? null : Scratch.Zeroed(Partials, (long)normalize.Count * outputs * Chunks.RoundUp(channels));
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, normalize.Count);
        if (weightGradient != null)
        {
            PointwiseKernel.Fold(job.Sums, normalize.Count, outputs, channels, weightGradient);
        }
    }

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var (row, end) = job->Rows(chunk);
        var width = Chunks.RoundUp(job->Outputs);
        var activations = Scratch.Floats(Activations, (long)BlockRows * job->Channels);
        for (; row < end; row += BlockRows)
        {
            var rows = (int)Math.Min(BlockRows, end - row);
            Activate(job, activations, row, rows);
            var target = job->Z + (row * job->Outputs);
            var z = width == job->Outputs ? target : Scratch.Floats(Products, (long)BlockRows * width);
            RowProduct.Multiply<TLanes>(activations, job->Matrix, z, rows, job->Channels, width);
            if (z != target)
            {
                PaddedImage.DropChannelPadding(z, target, rows, job->Outputs, width);
            }
        }
    }

    private static void BackwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var (row, end) = job->Rows(chunk);
        var channels = job->Channels;
        var width = Chunks.RoundUp(channels);
        var activations = Scratch.Floats(Activations, (long)BlockRows * channels);
        var products = Scratch.Floats(Products, (long)BlockRows * width);
        for (; row < end; row += BlockRows)
        {
            var rows = (int)Math.Min(BlockRows, end - row);
            var g = job->Z + (row * job->Outputs);
            if (job->Sums != null)
            {
                Activate(job, activations, row, rows);
                var wide = width == channels ? activations : Widen(activations, rows, channels, width);
                RowProduct.AddTransposed<TLanes>(g, wide, job->Sums + ((long)chunk * job->Outputs * width), rows, job->Outputs, width);
            }

            RowProduct.Multiply<TLanes>(g, job->Matrix, products, rows, job->Outputs, width);
            if (width != channels)
            {
                // Each pixel moves towards the start, in ascending order: nothing is overwritten before it was read.
                PaddedImage.DropChannelPadding(products, products, rows, channels, width);
            }

            var part = job->Normalize;
            part.G = products - (row * channels);
            job->Forms.SumRange(&part, chunk, row * channels, (row + rows) * channels);
        }
    }

    private static void Activate(Job* job, float* activations, long row, int rows)
    {
        var part = job->Normalize;
        part.Y = activations - (row * job->Channels);
        job->Forms.ForwardRange(&part, row * job->Channels, (row + rows) * job->Channels);
    }

    private static float* Widen(float* source, int rows, int channels, int width)
    {
        var wide = Scratch.Floats(Widened, (long)BlockRows * width);
        for (var r = 0; r < rows; r++)
        {
            NativeMemory.Copy(source + ((long)r * channels), wide + ((long)r * width), (nuint)channels * sizeof(float));
            NativeMemory.Clear(wide + ((long)r * width) + channels, (nuint)(width - channels) * sizeof(float));
        }

        return wide;
    }

    private struct Job
    {
        public NormalizeJob Normalize;
        public NormalizeForms Forms;
        public float* Matrix;
        public float* Z;
        public float* Sums;
        public int Channels;
        public int Outputs;

        public readonly (long Start, long End) Rows(int chunk)
        {
            var rows = Normalize.Elements / Channels;
            return (Chunks.Start(rows, Normalize.Count, chunk), Chunks.Start(rows, Normalize.Count, chunk + 1));
        }
    }
}
