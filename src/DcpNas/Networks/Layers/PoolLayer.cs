using DcpNas.Operators;
using static TorchSharp.torch;

namespace DcpNas.Networks.Layers;

/// <summary>A 3x3 pool, then batch normalisation.</summary>
internal sealed class PoolLayer : CellLayer
{
    private readonly bool _maximum;
    private readonly int _stride;
    private readonly BatchNormalization _norm;

    /// <param name="maximum">Whether the maximum or the mean is taken.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public PoolLayer(bool maximum, int channels, int stride)
        : base(nameof(PoolLayer))
    {
        (_maximum, _stride, _norm) = (maximum, stride, new BatchNormalization(channels));
        register_module("norm", _norm);
    }

    public override Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _norm.Apply(_maximum ? Pooling.Max3x3(input, _stride) : Pooling.Avg3x3(input, _stride)).MoveToOuterDisposeScope();
    }
}
