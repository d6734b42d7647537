using System.Runtime.InteropServices;

namespace DcpNas.Operators.Kernels;

/// <summary>1x1 convolution over channels-last memory: a matrix product over all pixels.</summary>
/// <remarks>Works in blocks of rows that stay in the second cache; where a width is no whole number of vectors, through padded copies of the block.</remarks>
internal static unsafe class PointwiseKernel
{
    private const int BlockRows = 256;
    private const int Matrix = 0;
    private const int Partials = 1;
    private const int InputBlock = 2;
    private const int OutputBlock = 3;

    public static void Forward(float* x, float* weight, float* y, in PointwiseShape shape)
    {
        var job = new Job { Shape = shape, X = x, Y = y, Matrix = PackTransposed(weight, shape.Outputs, shape.Channels) };
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, shape.Chunks);
    }

    /// <summary>Gradients to the input (all of it is written only with stride 1; else clear it first) and to the weight; a null address is left out.</summary>
    public static void Backward(float* x, float* weight, float* g, float* inputGradient, float* weightGradient, in PointwiseShape shape)
    {
        var width = Chunks.RoundUp(shape.Channels);
        var sums = (long)shape.Outputs * width;
        var job = new Job { Shape = shape, X = x, G = g, Y = inputGradient, Matrix = Pack(weight, shape.Outputs, shape.Channels) };
        job.Sums = weightGradient == null ? null : Scratch.Zeroed(Partials, shape.Chunks * sums);
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, shape.Chunks);
        if (weightGradient != null)
        {
            Fold(job.Sums, shape.Chunks, shape.Outputs, shape.Channels, weightGradient);
        }
    }

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var s = job->Shape;
        var width = Chunks.RoundUp(s.Outputs);
        var end = Chunks.Start(s.Rows, s.Chunks, chunk + 1);
        for (var row = Chunks.Start(s.Rows, s.Chunks, chunk); row < end; row += BlockRows)
        {
            var rows = (int)Math.Min(BlockRows, end - row);
            var x = s.Stride == 1 ? job->X + (row * s.Channels) : Gather(job->X, s, row, rows, s.Channels);
            var target = job->Y + (row * s.Outputs);
            var y = width == s.Outputs ? target : Scratch.Floats(OutputBlock, (long)BlockRows * width);
            RowProduct.Multiply<TLanes>(x, job->Matrix, y, rows, s.Channels, width);
            if (y != target)
            {
                PaddedImage.DropChannelPadding(y, target, rows, s.Outputs, width);
            }
        }
    }

    private static void BackwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var s = job->Shape;
        var width = Chunks.RoundUp(s.Channels);
        var end = Chunks.Start(s.Rows, s.Chunks, chunk + 1);
        for (var row = Chunks.Start(s.Rows, s.Chunks, chunk); row < end; row += BlockRows)
        {
            var rows = (int)Math.Min(BlockRows, end - row);
            var g = job->G + (row * s.Outputs);
            if (job->Sums != null)
            {
                var x = s.Stride == 1 && width == s.Channels ? job->X + (row * s.Channels) : Gather(job->X, s, row, rows, width);
                RowProduct.AddTransposed<TLanes>(g, x, job->Sums + ((long)chunk * s.Outputs * width), rows, s.Outputs, width);
            }

            if (job->Y != null)
            {
                var direct = s.Stride == 1 && width == s.Channels;
                var y = direct ? job->Y + (row * s.Channels) : Scratch.Floats(OutputBlock, (long)BlockRows * width);
                RowProduct.Multiply<TLanes>(g, job->Matrix, y, rows, s.Outputs, width);
                if (!direct)
                {
                    for (var r = 0; r < rows; r++)
                    {
                        NativeMemory.Copy(y + ((long)r * width), job->Y + s.InputOffset(row + r), (nuint)s.Channels * sizeof(float));
                    }
                }
            }
        }
    }

    /// <summary>Copies the input pixels of a block of output pixels to <c>[rows, width]</c>, zero beyond the channels.</summary>
    private static float* Gather(float* x, in PointwiseShape s, long row, int rows, int width)
    {
        var block = Scratch.Floats(InputBlock, (long)BlockRows * width);
        for (var r = 0; r < rows; r++)
        {
            var target = block + ((long)r * width);
            NativeMemory.Copy(x + s.InputOffset(row + r), target, (nuint)s.Channels * sizeof(float));
            NativeMemory.Clear(target + s.Channels, (nuint)(width - s.Channels) * sizeof(float));
        }

        return block;
    }

    /// <summary>A weight <c>[D, C]</c> as <c>[C, padded D]</c> in scratch memory.</summary>
    public static float* PackTransposed(float* weight, int outputs, int channels)
    {
        var width = Chunks.RoundUp(outputs);
        var matrix = Scratch.Zeroed(Matrix, (long)channels * width);
        for (var d = 0; d < outputs; d++)
        {
            for (var c = 0; c < channels; c++)
            {
                matrix[((long)c * width) + d] = weight[((long)d * channels) + c];
            }
        }

        return matrix;
    }

    /// <summary>A weight <c>[D, C]</c> as <c>[D, padded C]</c> in scratch memory.</summary>
    public static float* Pack(float* weight, int outputs, int channels)
    {
        var width = Chunks.RoundUp(channels);
        var matrix = Scratch.Zeroed(Matrix, (long)outputs * width);
        for (var d = 0; d < outputs; d++)
        {
            NativeMemory.Copy(weight + ((long)d * channels), matrix + ((long)d * width), (nuint)channels * sizeof(float));
        }

        return matrix;
    }

    /// <summary>Joins the partial weight gradients <c>[chunks, D, padded C]</c> in double precision and in their order.</summary>
    public static void Fold(float* sums, int chunks, int outputs, int channels, float* gradient)
    {
        var width = Chunks.RoundUp(channels);
        for (var d = 0; d < outputs; d++)
        {
            for (var c = 0; c < channels; c++)
            {
                double sum = 0;
                for (var chunk = 0; chunk < chunks; chunk++)
                {
                    sum += sums[(((long)chunk * outputs) + d) * width + c];
                }

                gradient[((long)d * channels) + c] = (float)sum;
            }
        }
    }

    private struct Job
    {
        public PointwiseShape Shape;
        public float* X;
        public float* G;
        public float* Y;
        public float* Matrix;
        public float* Sums;
    }
}
