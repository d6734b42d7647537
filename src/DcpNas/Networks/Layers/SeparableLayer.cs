using DcpNas.Binarization;
using static TorchSharp.torch;

namespace DcpNas.Networks.Layers;

/// <summary><c>sep_conv</c>: two blocks, the first strided; <c>dil_conv</c>: one of dilation 2.</summary>
internal sealed class SeparableLayer : CellLayer
{
    private readonly SeparableBlock[] _blocks;

    private SeparableLayer(params SeparableBlock[] blocks)
        : base(nameof(SeparableLayer))
    {
        _blocks = blocks;
        register_module("blocks", ModuleGroup.Of("blocks", blocks));
    }

    public override IEnumerable<ConvolutionLayer> Convolutions => _blocks.SelectMany(block => block.Convolutions);

    public static SeparableLayer Separable(int channels, int kernel, int stride, Precision precision) =>
        new(new(channels, kernel, stride, 1, precision), new(channels, kernel, 1, 1, precision));

    public static SeparableLayer Dilated(int channels, int kernel, int stride, Precision precision) => new(new SeparableBlock(channels, kernel, stride, 2, precision));

    public override Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _blocks.Aggregate(input, (value, block) => block.Apply(value)).MoveToOuterDisposeScope();
    }
}
