namespace DcpNas.Binarization;

/// <summary>The geometry of a convolution; padding keeps the size at stride 1.</summary>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="OutChannels">Channels of the output; equal to <paramref name="InChannels"/> when depthwise.</param>
/// <param name="Kernel">Side of the square filter in pixels, odd.</param>
/// <param name="Stride">Step between filter positions in pixels.</param>
/// <param name="Dilation">Distance of the taps in pixels.</param>
/// <param name="Depthwise">Whether each channel has its own filter and no channel sees another.</param>
public readonly record struct ConvolutionShape(int InChannels, int OutChannels, int Kernel, int Stride, int Dilation, bool Depthwise)
{
    /// <summary>A depthwise convolution.</summary>
    public static ConvolutionShape OfDepthwise(int channels, int kernel, int stride, int dilation) => new(channels, channels, kernel, stride, dilation, true);

    /// <summary>A 1x1 convolution.</summary>
    public static ConvolutionShape OfPointwise(int inChannels, int outChannels, int stride = 1) => new(inChannels, outChannels, 1, stride, 1, false);

    /// <summary>A convolution in which every output channel sees every input channel.</summary>
    public static ConvolutionShape OfFull(int inChannels, int outChannels, int kernel, int stride = 1) => new(inChannels, outChannels, kernel, stride, 1, false);

    /// <summary>Sizes of the weight tensor: <c>[OutChannels, InChannels or 1, Kernel, Kernel]</c>.</summary>
    public long[] WeightSizes => [OutChannels, Depthwise ? 1 : InChannels, Kernel, Kernel];
}
