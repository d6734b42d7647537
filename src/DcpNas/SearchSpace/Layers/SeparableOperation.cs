using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;

namespace DcpNas.SearchSpace.Layers;

/// <summary>Separable blocks, the first strided: <c>sep_conv</c> has two, <c>dil_conv</c> one of dilation 2.</summary>
public sealed class SeparableOperation : EdgeOperation
{
    private readonly SeparableBlock[] _blocks;
    private readonly bool _binaryInputs;

    /// <summary>Creates blocks that keep the channel count.</summary>
    public SeparableOperation(int channels, int kernel, int stride, int dilation, int blocks, Precision precision)
        : base(nameof(SeparableOperation))
    {
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => new SeparableBlock(channels, kernel, i == 0 ? stride : 1, dilation, precision))];
        _binaryInputs = precision.BinaryInputs;
        for (var i = 0; i < _blocks.Length; i++)
        {
            register_module($"block{i}", _blocks[i]);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Convolutions => [.. _blocks.SelectMany(block => block.Convolutions)];

    /// <inheritdoc/>
    public override T Apply<T>(INetworkAlgebra<T> math, CellInput<T> input) => math.Scope(() =>
    {
        var value = _blocks[0].Apply(math, input);
        foreach (var block in _blocks.Skip(1))
        {
            value = block.Apply(math, new(value, math.Normalize(value, _binaryInputs)));
        }

        return value;
    });
}
