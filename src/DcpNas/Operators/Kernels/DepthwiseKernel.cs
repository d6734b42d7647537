namespace DcpNas.Operators.Kernels;

/// <summary>Depthwise convolution over channels-last memory.</summary>
/// <remarks>
/// Each sample is copied into a scratch image with columns of zeros at both sides (rows outside are skipped) and channels rounded up to
/// whole vectors, so that the inner loops know no borders. Eight neighbouring outputs share each weight. The input gradient is the same
/// convolution over the gradient, spread by the stride, with the weights turned round. The weight gradient is summed per chunk of
/// samples, the chunks in double precision in their order.
/// </remarks>
internal static unsafe class DepthwiseKernel
{
    private const int Weights = 0;
    private const int Partials = 1;
    private const int Image = 2;
    private const int Gradient = 3;
    private const int Row = 4;

    public static void Forward(float* x, float* weight, float* y, in DepthwiseShape shape)
    {
        var job = new Job { Shape = shape, X = x, Y = y, Weight = Pack(weight, shape, turned: false) };
        WorkerPool.Run(Lanes16.AreInHardware ? &ForwardChunk<Lanes16> : &ForwardChunk<Lanes8>, &job, shape.Chunks);
    }

    /// <summary>Gradients to the input and to the weight <c>[C, 1, k, k]</c>; a null address is left out.</summary>
    public static void Backward(float* x, float* weight, float* g, float* inputGradient, float* weightGradient, in DepthwiseShape shape)
    {
        var taps = shape.Kernel * shape.Kernel * shape.Padded;
        var job = new Job { Shape = shape, X = x, G = g, Y = inputGradient, Weight = Pack(weight, shape, turned: true) };
        job.Sums = weightGradient == null ? null : Scratch.Zeroed(Partials, (long)shape.Chunks * taps);
        WorkerPool.Run(Lanes16.AreInHardware ? &BackwardChunk<Lanes16> : &BackwardChunk<Lanes8>, &job, shape.Chunks);
        if (weightGradient != null)
        {
            Unpack(job.Sums, shape, weightGradient);
        }
    }

    private static void ForwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var s = job->Shape;
        var image = new PaddedImage(Scratch.Floats(Image, s.ImageFloats), s.Height, s.Width, s.Channels, s.Padding, 1);
        image.ClearMargins();
        for (var n = Chunks.Start(s.Samples, s.Chunks, chunk); n < Chunks.Start(s.Samples, s.Chunks, chunk + 1); n++)
        {
            image.Fill(job->X + (n * s.InputFloats), s.Height, s.Width);
            Convolve<TLanes>(image, job->Weight, job->Y + (n * s.OutputFloats), s.OutputHeight, s.OutputWidth, s.Stride, s);
        }
    }

    private static void BackwardChunk<TLanes>(void* state, int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var job = (Job*)state;
        var s = job->Shape;
        var image = new PaddedImage(Scratch.Floats(Image, s.ImageFloats), s.Height, s.Width, s.Channels, s.Padding, 1);
        var spread = new PaddedImage(Scratch.Floats(Gradient, s.ImageFloats), s.Height, s.Width, s.Channels, s.Padding, s.Stride);
        image.ClearMargins();
        spread.ClearAll();
        for (var n = Chunks.Start(s.Samples, s.Chunks, chunk); n < Chunks.Start(s.Samples, s.Chunks, chunk + 1); n++)
        {
            spread.Fill(job->G + (n * s.OutputFloats), s.OutputHeight, s.OutputWidth);
            if (job->Sums != null)
            {
                image.Fill(job->X + (n * s.InputFloats), s.Height, s.Width);
                DepthwiseWeightGradient.Add<TLanes>(image, spread, job->Sums + ((long)chunk * s.Kernel * s.Kernel * s.Padded), s);
            }

            if (job->Y != null)
            {
                Convolve<TLanes>(spread, job->Weight, job->Y + (n * s.InputFloats), s.Height, s.Width, 1, s);
            }
        }
    }

    /// <summary>Convolves one sample with registers of some width.</summary>
    internal static void Convolve<TLanes>(in PaddedImage image, float* weight, float* y, int height, int width, int stride, in DepthwiseShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        var whole = s.Channels == s.Padded;
        var buffer = whole ? null : Scratch.Floats(Row, (long)width * s.Padded);
        for (var row = 0; row < height; row++)
        {
            var target = y + ((long)row * width * s.Channels);
            var output = whole ? target : buffer;
            var top = (row * stride) - s.Padding;
            var firstTap = top >= 0 ? 0 : (-top + s.Dilation - 1) / s.Dilation;
            var lastTap = Math.Min(s.Kernel - 1, (image.Height - 1 - top) / s.Dilation);
            for (var c = 0; c < s.Padded; c += TLanes.Count)
            {
                var column = 0;
                for (; column + 8 <= width; column += 8)
                {
                    Eight<TLanes>(image, weight + c, output + (column * s.Padded) + c, top, firstTap, lastTap, column, c, stride, s);
                }

                for (; column < width; column++)
                {
                    One<TLanes>(image, weight + c, output + (column * s.Padded) + c, top, firstTap, lastTap, column, c, stride, s);
                }
            }

            if (!whole)
            {
                PaddedImage.DropChannelPadding(buffer, target, width, s.Channels, s.Padded);
            }
        }
    }

    private static void Eight<TLanes>(in PaddedImage image, float* weight, float* output, int top, int firstTap, int lastTap, int column, int c, int stride, in DepthwiseShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        var a0 = TLanes.Zero;
        var a1 = a0;
        var a2 = a0;
        var a3 = a0;
        var a4 = a0;
        var a5 = a0;
        var a6 = a0;
        var a7 = a0;
        var padded = s.Padded;
        var step = stride * padded;
        var across = s.Dilation * padded;
        var kernel = s.Kernel;
        for (var kh = firstTap; kh <= lastTap; kh++)
        {
            var x = image.At(top + (kh * s.Dilation), column * stride) + c;
            var w = weight + (kh * kernel * padded);
            for (var kw = 0; kw < kernel; kw++)
            {
                var tap = TLanes.Load(w);
                a0 = TLanes.FusedMultiplyAdd(TLanes.Load(x), tap, a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Load(x + step), tap, a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (2 * step)), tap, a2);
                a3 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (3 * step)), tap, a3);
                a4 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (4 * step)), tap, a4);
                a5 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (5 * step)), tap, a5);
                a6 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (6 * step)), tap, a6);
                a7 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (7 * step)), tap, a7);
                x += across;
                w += padded;
            }
        }

        a0.Store(output);
        a1.Store(output + padded);
        a2.Store(output + (2 * padded));
        a3.Store(output + (3 * padded));
        a4.Store(output + (4 * padded));
        a5.Store(output + (5 * padded));
        a6.Store(output + (6 * padded));
        a7.Store(output + (7 * padded));
    }

    private static void One<TLanes>(in PaddedImage image, float* weight, float* output, int top, int firstTap, int lastTap, int column, int c, int stride, in DepthwiseShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = TLanes.Zero;
        for (var kh = firstTap; kh <= lastTap; kh++)
        {
            var x = image.At(top + (kh * s.Dilation), column * stride) + c;
            var w = weight + (kh * s.Kernel * s.Padded);
            for (var kw = 0; kw < s.Kernel; kw++)
            {
                sum = TLanes.FusedMultiplyAdd(TLanes.Load(x + (kw * s.Dilation * s.Padded)), TLanes.Load(w + (kw * s.Padded)), sum);
            }
        }

        sum.Store(output);
    }

    /// <summary><c>[C, 1, k, k]</c> to <c>[k, k, padded C]</c>, rotated by half a turn for the input gradient.</summary>
    private static float* Pack(float* weight, in DepthwiseShape s, bool turned)
    {
        var taps = s.Kernel * s.Kernel;
        var packed = Scratch.Zeroed(Weights, (long)taps * s.Padded);
        for (var tap = 0; tap < taps; tap++)
        {
            for (var c = 0; c < s.Channels; c++)
            {
                packed[(tap * s.Padded) + c] = weight[(c * taps) + (turned ? taps - 1 - tap : tap)];
            }
        }

        return packed;
    }

    private static void Unpack(float* sums, in DepthwiseShape s, float* gradient)
    {
        var taps = s.Kernel * s.Kernel;
        for (var c = 0; c < s.Channels; c++)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                double sum = 0;
                for (var chunk = 0; chunk < s.Chunks; chunk++)
                {
                    sum += sums[(((long)chunk * taps) + tap) * s.Padded + c];
                }

                gradient[(c * taps) + tap] = (float)sum;
            }
        }
    }

    private struct Job
    {
        public DepthwiseShape Shape;
        public float* X;
        public float* G;
        public float* Y;
        public float* Weight;
        public float* Sums;
    }
}
