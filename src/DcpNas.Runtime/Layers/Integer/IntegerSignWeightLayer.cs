using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>A convolution of 1-bit weights and 16-bit numbers.</summary>
internal sealed class IntegerSignWeightLayer : Layer
{
    private readonly IntegerSums _sums;
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly int _shift;
    private readonly int _half;

    public IntegerSignWeightLayer(SignWeightConvolutionNode node, Operand input, Operand output, InstructionSet set)
    {
        (_input, _output) = (input, output);
        _shift = input.Shape.Exponent!.Value - output.Shape.Exponent!.Value;
        _half = _shift == 0 ? 0 : 1 << (_shift - 1);
        var (weights, kernel) = (node.Weights, node.Geometry.Kernel);
        _sums = new IntegerSums(new IntegerFilter(node.Geometry, weights.Depthwise), input.Shape, output.Shape, (tap, from, to) => weights[to, from, tap / kernel, tap % kernel], set);
    }

    public override int Rows => _output.Shape.Height;

    public override int ScratchBytes => _sums.ScratchBytes;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = _input.In<short>(memory);
        var target = _output.Rows<short>(memory, firstRow, rowCount);
        var (width, channels) = (_output.Shape.Width, _output.Shape.Channels);
        for (var pixel = 0; pixel < rowCount * width; pixel++)
        {
            var sums = _sums.Of(source, firstRow + (pixel / width), pixel % width, scratch);
            for (var channel = 0; channel < channels; channel++)
            {
                target[(pixel * channels) + channel] = Number16.Saturate((sums[channel] + _half) >> _shift);
            }
        }
    }
}
