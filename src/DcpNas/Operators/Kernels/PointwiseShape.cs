using static TorchSharp.torch;

namespace DcpNas.Operators.Kernels;

/// <summary>Sizes of a 1x1 convolution.</summary>
internal readonly struct PointwiseShape(long samples, int channels, int outputs, int height, int width, int stride)
{
    public readonly long Samples = samples;
    public readonly int Channels = channels;
    public readonly int Outputs = outputs;
    public readonly int Height = height;
    public readonly int Width = width;
    public readonly int Stride = stride;
    public readonly int OutputHeight = ((height - 1) / stride) + 1;
    public readonly int OutputWidth = ((width - 1) / stride) + 1;

    /// <summary>The sizes for an input <c>[N, C, H, W]</c>.</summary>
    public static PointwiseShape Of(Tensor input, int outputs, int stride)
    {
        var (samples, channels, height, width) = Dense.Sizes(input);
        return new PointwiseShape(samples, channels, outputs, height, width, stride);
    }

    /// <summary>Output pixels of all samples.</summary>
    public long Rows => Samples * OutputHeight * OutputWidth;

    /// <summary>Number of groups of rows.</summary>
    public int Chunks => Kernels.Chunks.Count(Rows * Math.Max(Channels, Outputs));

    /// <summary>Offset in floats of the input pixel that an output pixel reads.</summary>
    public long InputOffset(long row)
    {
        var plane = (long)OutputHeight * OutputWidth;
        var (sample, rest) = (row / plane, (int)(row % plane));
        var (y, x) = (rest / OutputWidth * Stride, rest % OutputWidth * Stride);
        return (((sample * Height) + y) * Width + x) * Channels;
    }
}
