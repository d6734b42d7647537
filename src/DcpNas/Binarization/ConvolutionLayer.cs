using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = DcpNas.Operators.Convolution;

namespace DcpNas.Binarization;

/// <summary>A convolution of the cells, real or 1-bit: holds the latent weight and says which weight the forward pass uses.</summary>
/// <remarks>The sign of the activations is taken outside, once per tensor, because several convolutions read the same one.</remarks>
public abstract class ConvolutionLayer : Module
{
    private protected ConvolutionLayer(string name, ConvolutionShape shape)
        : base(name)
    {
        Shape = shape;
        Weight = new Parameter(empty(shape.WeightSizes));
        init.kaiming_uniform_(Weight, Math.Sqrt(5));
        register_parameter("weight", Weight);
    }

    /// <summary>The geometry.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The latent weight, <c>[OutChannels, InChannels or 1, Kernel, Kernel]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The weight that multiplies the input: <c>w</c>, or <c>beta o sign(w)</c>.</summary>
    public abstract Tensor EffectiveWeight();

    /// <summary><c>|| w - beta o sign(w) ||_2^2</c>, DCP-NAS (4.23), a scalar; null for a real layer.</summary>
    public abstract Tensor? ReconstructionError();

    /// <summary>The convolution of an input, which is already ±1 where the layer expects it.</summary>
    /// <param name="input"><c>[N, InChannels, H, W]</c>.</param>
    public Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        var weight = EffectiveWeight();
        var sums = Shape.Depthwise ? Convolution.Depthwise(input, weight, Shape.Stride, Shape.Dilation)
            : Shape.Kernel == 1 ? Convolution.Pointwise(input, weight, Shape.Stride)
            : Convolution.Full(input, weight, Shape.Stride);
        return sums.MoveToOuterDisposeScope();
    }

    /// <summary>Called after latent weights were copied from another network: state that is derived from them starts anew.</summary>
    public virtual void OnWeightsInherited()
    {
    }

    /// <summary>Creates the layer that a precision asks for.</summary>
    public static ConvolutionLayer Create(ConvolutionShape shape, Precision precision) =>
        precision.BinaryWeights ? new BinaryConvolution(shape, precision.Scale) : new RealConvolution(shape);
}
