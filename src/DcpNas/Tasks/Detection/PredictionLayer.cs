using DcpNas.Binarization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks.Detection;

/// <summary>A real 1x1 convolution with bias: the last layer of a detector. The bias starts at 0.</summary>
internal sealed class PredictionLayer : Module
{
    private readonly RealConvolution _convolution;
    private readonly Parameter _bias;

    public PredictionLayer(int inChannels, int outChannels)
        : base(nameof(PredictionLayer))
    {
        _convolution = new RealConvolution(ConvolutionShape.OfPointwise(inChannels, outChannels));
        _bias = new Parameter(zeros(outChannels, dtype: get_default_dtype()));
        register_module("convolution", _convolution);
        register_parameter("bias", _bias);
    }

    /// <summary><c>[N, pixels * anchors, width]</c>: row by row, pixel by pixel, anchor by anchor.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="width">Numbers of an anchor.</param>
    public Tensor Apply(Tensor input, int width)
    {
        using var scope = NewDisposeScope();
        var map = _convolution.Apply(input) + _bias.view(1, -1, 1, 1);
        return map.permute(0, 2, 3, 1).reshape(input.shape[0], -1, width).MoveToOuterDisposeScope();
    }
}
