using static TorchSharp.torch;

namespace DcpNas.Operators.Kernels;

/// <summary>Sizes of a 3x3 pool with padding 1.</summary>
internal readonly struct WindowShape(long samples, int channels, int height, int width, int stride)
{
    private const int MaximumChunks = 32;

    public readonly long Samples = samples;
    public readonly int Channels = channels;
    public readonly int Height = height;
    public readonly int Width = width;
    public readonly int Stride = stride;
    public readonly int OutputHeight = ((height - 1) / stride) + 1;
    public readonly int OutputWidth = ((width - 1) / stride) + 1;

    /// <summary>The sizes for an input <c>[N, C, H, W]</c>.</summary>
    public static WindowShape Of(Tensor input, int stride)
    {
        var (samples, channels, height, width) = Dense.Sizes(input);
        return new WindowShape(samples, channels, height, width, stride);
    }

    /// <summary>Number of groups of samples.</summary>
    public int Chunks => (int)Math.Min(Samples, MaximumChunks);

    /// <summary>Floats of one input sample.</summary>
    public long InputFloats => (long)Height * Width * Channels;

    /// <summary>Floats of one output sample.</summary>
    public long OutputFloats => (long)OutputHeight * OutputWidth * Channels;
}
