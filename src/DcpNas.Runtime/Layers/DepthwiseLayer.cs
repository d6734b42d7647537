using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A depthwise real convolution.</summary>
internal sealed class DepthwiseLayer(ConvolutionNode node, Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<float>(memory);
        var target = output.Rows<float>(memory, firstRow, rowCount);
        var (geometry, channels) = (node.Geometry, output.Shape.Channels);
        for (var pixel = 0; pixel < rowCount * output.Shape.Width; pixel++)
        {
            var sums = target.Slice(pixel * channels, channels);
            sums.Clear();
            (node.Bias ?? default).Span.CopyTo(sums);
            for (var tap = 0; tap < geometry.Taps; tap++)
            {
                var y = geometry.FirstTap(firstRow + (pixel / output.Shape.Width)) + (tap / geometry.Kernel * geometry.Dilation);
                var x = geometry.FirstTap(pixel % output.Shape.Width) + (tap % geometry.Kernel * geometry.Dilation);
                if ((uint)y < (uint)input.Shape.Height && (uint)x < (uint)input.Shape.Width)
                {
                    AddTap(source.Slice(((y * input.Shape.Width) + x) * channels, channels), node.Weight.Span.Slice(tap * channels, channels), sums);
                }
            }
        }

        if (node.Relu)
        {
            ReluLayer.Apply(target);
        }
    }

    private static void AddTap(ReadOnlySpan<float> pixel, ReadOnlySpan<float> weights, Span<float> sums)
    {
        for (var channel = 0; channel < sums.Length; channel++)
        {
            sums[channel] += pixel[channel] * weights[channel];
        }
    }
}
