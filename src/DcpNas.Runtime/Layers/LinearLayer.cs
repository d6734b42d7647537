using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A fully connected layer.</summary>
internal sealed class LinearLayer(LinearNode node, Operand input, Operand output) : Layer
{
    public override int Rows => 1;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<float>(memory);
        var target = output.In<float>(memory);
        for (var o = 0; o < target.Length; o++)
        {
            var sum = node.Bias is { } bias ? bias.Span[o] : 0;
            var weights = node.Weight.Span.Slice(o * source.Length, source.Length);
            for (var i = 0; i < source.Length; i++)
            {
                sum += source[i] * weights[i];
            }

            target[o] = sum;
        }
    }
}
