using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The convolutions of the search space. Zero padding: a tap outside the image contributes nothing.</summary>
public static class Convolution
{
    /// <summary>Depthwise convolution with padding <c>dilation (k - 1) / 2</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[C, 1, k, k]</c>, k odd.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    /// <param name="dilation">Distance of the taps in pixels, at least 1.</param>
    public static Tensor Depthwise(Tensor input, Tensor weight, int stride, int dilation)
    {
        var padding = dilation * (weight.shape[2] - 1) / 2;
        return nn.functional.conv2d(input, weight, strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation], groups: input.shape[1]);
    }

    /// <summary>1x1 convolution.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[D, C, 1, 1]</c>.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static Tensor Pointwise(Tensor input, Tensor weight, int stride) => nn.functional.conv2d(input, weight, strides: [stride, stride]);
}
