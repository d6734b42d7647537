using DcpNas.Binarization;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Networks.Layers;

/// <summary>Separable blocks, the first strided: <c>sep_conv</c> has two, <c>dil_conv</c> one of dilation 2.</summary>
internal sealed class SeparableLayer : CellLayer
{
    private readonly SeparableBlock[] _blocks;

    public SeparableLayer(OperationForm.Separable form, int channels, int stride, Precision precision)
        : base(nameof(SeparableLayer))
    {
        _blocks = [.. Enumerable.Range(0, form.Blocks).Select(block => new SeparableBlock(channels, form.Kernel, block == 0 ? stride : 1, form.Dilation, precision))];
        register_module("blocks", ModuleGroup.Of("blocks", _blocks));
    }

    public override IEnumerable<ConvolutionLayer> Convolutions => _blocks.SelectMany(block => block.Convolutions);

    public override Tensor Apply(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _blocks.Aggregate(input, (value, block) => block.Apply(value)).MoveToOuterDisposeScope();
    }
}
