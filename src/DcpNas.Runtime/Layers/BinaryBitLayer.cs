using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A 1-bit convolution that compares its sums and gives bits.</summary>
internal sealed class BinaryBitLayer(BinaryConvolutionNode node, Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<ulong>(memory);
        var target = output.Rows<ulong>(memory, firstRow, rowCount);
        target.Clear();
        var (width, channels, blocks) = (output.Shape.Width, output.Shape.Channels, output.Shape.Blocks);
        var thresholds = node.Thresholds!.Value.Span;
        var rules = node.Rules!.Value.Span;
        for (var pixel = 0; pixel < rowCount * width; pixel++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var sum = BinarySums.Of(node.Weights, node.Geometry, source, input.Shape, firstRow + (pixel / width), pixel % width, channel);
                if (sum < thresholds[channel] == (rules[channel] == ThresholdRule.Below))
                {
                    target[(((pixel / width * blocks) + (channel / 64)) * width) + (pixel % width)] |= 1UL << channel;
                }
            }
        }
    }
}
