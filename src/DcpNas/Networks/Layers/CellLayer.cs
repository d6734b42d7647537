using DcpNas.Binarization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks.Layers;

/// <summary>What stands on one edge of a cell, or before a cell.</summary>
internal abstract class CellLayer(string name) : Module(name)
{
    /// <summary>The convolutions, in the order in which they run.</summary>
    public virtual IEnumerable<ConvolutionLayer> Convolutions => [];

    /// <summary>Whether drop-path may leave the edge out: all but the identity, as in DARTS.</summary>
    public virtual bool CanDrop => true;

    /// <summary>Applies the layer to <c>[N, C, H, W]</c>; the result is a new tensor.</summary>
    public abstract Tensor Apply(Tensor input);

    /// <summary>The slopes of a PReLU, 0.25 each.</summary>
    public static TorchSharp.Modules.Parameter NewSlope(int channels) => new(full(channels, 0.25, dtype: get_default_dtype()));
}
