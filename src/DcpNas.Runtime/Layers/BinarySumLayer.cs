using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A 1-bit convolution that gives its sums.</summary>
internal sealed class BinarySumLayer(BinaryConvolutionNode node, Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<ulong>(memory);
        var shorts = output.Shape.ShortSums ? output.Rows<short>(memory, firstRow, rowCount) : default;
        var ints = output.Shape.ShortSums ? default : output.Rows<int>(memory, firstRow, rowCount);
        var (width, channels) = (output.Shape.Width, output.Shape.Channels);
        for (var i = 0; i < rowCount * width * channels; i++)
        {
            var pixel = i / channels;
            var sum = BinarySums.Of(node.Weights, node.Geometry, source, input.Shape, firstRow + (pixel / width), pixel % width, i % channels);
            if (output.Shape.ShortSums)
            {
                shorts[i] = (short)sum;
            }
            else
            {
                ints[i] = sum;
            }
        }
    }
}
