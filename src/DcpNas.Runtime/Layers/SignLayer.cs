using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Reals to bits by thresholds.</summary>
internal sealed class SignLayer(SignNode node, Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.Rows<float>(memory, firstRow, rowCount);
        var target = output.Rows<ulong>(memory, firstRow, rowCount);
        target.Clear();
        var (width, channels, blocks) = (output.Shape.Width, output.Shape.Channels, output.Shape.Blocks);
        var thresholds = node.Thresholds.Span;
        var rules = node.Rules.Span;
        for (var i = 0; i < source.Length; i++)
        {
            var (pixel, channel) = (i / channels, i % channels);
            if (source[i] < thresholds[channel] == (rules[channel] == ThresholdRule.Below))
            {
                target[(((pixel / width * blocks) + (channel / 64)) * width) + (pixel % width)] |= 1UL << channel;
            }
        }
    }
}
