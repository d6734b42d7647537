using DcpNas.Binarization;
using DcpNas.Operators;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.SearchSpace.Algebra;

/// <summary>Operations that are linear in the image, so that values and tangents take them alike.</summary>
internal static class LayerMath
{
    public static Tensor Convolve(Tensor input, Tensor weight, ConvolutionShape shape) =>
        shape.Depthwise ? Convolution.Depthwise(input, weight, shape.Stride, shape.Dilation) : Convolution.Pointwise(input, weight, shape.Stride);

    /// <summary>A copy of some channels, dense in channels-last memory, which the fast operators want.</summary>
    public static Tensor Channels(Tensor input, int first, int count)
    {
        using var scope = NewDisposeScope();
        return input.permute(0, 2, 3, 1).narrow(3, first, count).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>What <c>index_select</c> reads.</summary>
    public static Tensor Indices(IEnumerable<int> indices, Device device) => tensor(indices.Select(index => (long)index).ToArray(), device: device);

    public static Tensor DropFirstPixel(Tensor input)
    {
        using var scope = NewDisposeScope();
        return input.narrow(2, 1, input.size(2) - 1).narrow(3, 1, input.size(3) - 1).MoveToOuterDisposeScope();
    }

    public static Tensor ShuffleChannels(Tensor input, int groups)
    {
        using var scope = NewDisposeScope();
        var (n, c, h, w) = Dense.Sizes(input);
        // In [N, H, W, C] order the result is a plain copy and stays channels-last.
        var nhwc = input.permute(0, 2, 3, 1).reshape(n, h, w, groups, c / groups).transpose(3, 4).reshape(n, h, w, c);
        return nhwc.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
