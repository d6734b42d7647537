using static TorchSharp.torch;

namespace DcpNas.Operators.Kernels;

/// <summary>Sizes of one depthwise convolution, in samples, pixels and floats.</summary>
internal readonly struct DepthwiseShape(long samples, int channels, int height, int width, int kernel, int stride, int dilation)
{
    private const int MaximumChunks = 32;

    public readonly long Samples = samples;
    public readonly int Channels = channels;
    public readonly int Padded = Kernels.Chunks.RoundUp(channels);
    public readonly int Height = height;
    public readonly int Width = width;
    public readonly int Kernel = kernel;
    public readonly int Stride = stride;
    public readonly int Dilation = dilation;
    public readonly int Padding = dilation * (kernel - 1) / 2;
    public readonly int OutputHeight = ((height - 1) / stride) + 1;
    public readonly int OutputWidth = ((width - 1) / stride) + 1;

    /// <summary>The sizes for an input <c>[N, C, H, W]</c>.</summary>
    public static DepthwiseShape Of(Tensor input, int kernel, int stride, int dilation)
    {
        var (samples, channels, height, width) = Dense.Sizes(input);
        return new DepthwiseShape(samples, channels, height, width, kernel, stride, dilation);
    }

    /// <summary>Number of groups of samples.</summary>
    public int Chunks => (int)Math.Min(Samples, MaximumChunks);

    /// <summary>Floats of one input sample.</summary>
    public long InputFloats => (long)Height * Width * Channels;

    /// <summary>Floats of one output sample.</summary>
    public long OutputFloats => (long)OutputHeight * OutputWidth * Channels;

    /// <summary>
    /// Floats of one sample with its margins. The inner loops take eight columns at a time only where eight exist, so nothing is read
    /// beyond the right margin.
    /// </summary>
    public long ImageFloats => (long)Height * (Width + (2 * Padding)) * Padded;
}
