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
        var width = Chunks.RoundUp(shape.Outputs);
        var matrix = Scratch.Zeroed(Matrix, (long)shape.Channels * width);
        for (var d = 0; d < shape.Outputs; d++)
        {
            for (var c = 0; c < shape.Channels; c++)
            {
                matrix[((long)c * width) + d] = weight[((long)d * shape.Channels) + c];
            }
        }

        var job = new Job { Shape = shape, X = x, Y = y, Matrix = matrix };
        WorkerPool.Run(&ForwardChunk, &job, shape.Chunks);
    }

    /// <summary>Gradients to the input (all of it is written only with stride 1; else clear it first) and to the weight; a null address is left out.</summary>
    public static void Backward(float* x, float* weight, float* g, float* inputGradient, float* weightGradient, in PointwiseShape shape)
    {
        var width = Chunks.RoundUp(shape.Channels);
        var matrix = Scratch.Zeroed(Matrix, (long)shape.Outputs * width);
        for (var d = 0; d < shape.Outputs; d++)
        {
            NativeMemory.Copy(weight + ((long)d * shape.Channels), matrix + ((long)d * width), (nuint)shape.Channels * sizeof(float));
        }

        var sums = (long)shape.Outputs * width;
        var job = new Job { Shape = shape, X = x, G = g, Y = inputGradient, Matrix = matrix };
        job.Sums = weightGradient == null ? null : Scratch.Zeroed(Partials, shape.Chunks * sums);
        WorkerPool.Run(&BackwardChunk, &job, shape.Chunks);
        if (weightGradient != null)
        {
            Fold(job.Sums, shape, width, weightGradient);
        }
    }

    private static void ForwardChunk(void* state, int chunk)
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
            RowProduct.Multiply(x, job->Matrix, y, rows, s.Channels, width);
            if (y != target)
            {
                PaddedImage.DropChannelPadding(y, target, rows, s.Outputs, width);
            }
        }
    }

    private static void BackwardChunk(void* state, int chunk)
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
                RowProduct.AddTransposed(g, x, job->Sums + ((long)chunk * s.Outputs * width), rows, s.Outputs, width);
            }

            if (job->Y != null)
            {
                var direct = s.Stride == 1 && width == s.Channels;
                var y = direct ? job->Y + (row * s.Channels) : Scratch.Floats(OutputBlock, (long)BlockRows * width);
                RowProduct.Multiply(g, job->Matrix, y, rows, s.Outputs, width);
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

    private static void Fold(float* sums, in PointwiseShape s, int width, float* gradient)
    {
        for (var d = 0; d < s.Outputs; d++)
        {
            for (var c = 0; c < s.Channels; c++)
            {
                double sum = 0;
                for (var chunk = 0; chunk < s.Chunks; chunk++)
                {
                    sum += sums[(((long)chunk * s.Outputs) + d) * width + c];
                }

                gradient[((long)d * s.Channels) + c] = (float)sum;
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
