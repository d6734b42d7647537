using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;

namespace DcpNas.SearchSpace.Layers;

/// <summary><c>sep_conv</c>: two separable blocks, the first strided; <c>dil_conv</c>: one of dilation 2.</summary>
public sealed class SeparableOperation : EdgeOperation
{
    private readonly SeparableBlock[] _blocks;
    private readonly bool _binaryInputs;

    private SeparableOperation(SeparableBlock[] blocks, Precision precision)
        : base(nameof(SeparableOperation))
    {
        _blocks = blocks;
        _binaryInputs = precision.BinaryInputs;
        for (var i = 0; i < blocks.Length; i++)
        {
            register_module($"block{i}", blocks[i]);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Convolutions => [.. _blocks.SelectMany(block => block.Convolutions)];

    /// <summary>Two blocks without dilation.</summary>
    public static SeparableOperation Separable(int channels, int kernel, int stride, Precision precision) =>
        new([new(channels, kernel, stride, 1, precision), new(channels, kernel, 1, 1, precision)], precision);

    /// <summary>One block of dilation 2.</summary>
    public static SeparableOperation Dilated(int channels, int kernel, int stride, Precision precision) =>
        new([new(channels, kernel, stride, 2, precision)], precision);

    /// <inheritdoc/>
    public override T Apply<T>(INetworkAlgebra<T> math, CellInput<T> input) => math.Scope(() =>
    {
        var value = _blocks[0].Apply(math, input);
        foreach (var block in _blocks.Skip(1))
        {
            value = block.Apply(math, CellInputs.Prepare(math, value, _binaryInputs));
        }

        return value;
    });
}
