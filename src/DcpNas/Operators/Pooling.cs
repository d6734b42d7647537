using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The 3x3 pools of the search space, padding 1.</summary>
public static class Pooling
{
    /// <summary>Maximum over the 3x3 window; taps outside the image are left out.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static Tensor Max3x3(Tensor input, int stride) => nn.functional.max_pool2d(input, 3, stride, 1);

    /// <summary>Mean over the taps of the 3x3 window that lie inside the image.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static Tensor Avg3x3(Tensor input, int stride) => nn.functional.avg_pool2d(input, 3, stride, 1, count_include_pad: false);
}
