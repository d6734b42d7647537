using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>A convolution of 1-bit weights and 16-bit numbers.</summary>
internal sealed class IntegerSignWeightLayer : IntegerSumsLayer
{
    private readonly int _shift;
    private readonly int _half;

    public IntegerSignWeightLayer(SignWeightConvolutionNode node, Operand input, Operand output, InstructionSet set)
        : base(SumsOf(node.Weights, node.Geometry, input.Shape, output.Shape, set), input, output)
    {
        _shift = input.Shape.Exponent!.Value - output.Shape.Exponent!.Value;
        _half = _shift == 0 ? 0 : 1 << (_shift - 1);
    }

    protected override void Finish(ReadOnlySpan<int> sums, Span<short> target)
    {
        for (var channel = 0; channel < target.Length; channel++)
        {
            target[channel] = Number16.Saturate((sums[channel] + _half) >> _shift);
        }
    }

    private static IntegerSums SumsOf(SignWeights weights, ConvolutionGeometry geometry, ValueShape input, ValueShape output, InstructionSet set) =>
        new(new IntegerFilter(geometry, weights.Depthwise), input, output, (tap, from, to) => weights[to, from, tap / geometry.Kernel, tap % geometry.Kernel], set);
}
