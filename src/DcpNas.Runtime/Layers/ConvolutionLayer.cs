using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A real convolution.</summary>
internal sealed class ConvolutionLayer(ConvolutionNode node, Operand input, Operand output) : Layer
{
    private readonly float[] _weights = Transpose(node, output.Shape.Channels);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<float>(memory);
        var target = output.Rows<float>(memory, firstRow, rowCount);
        var (geometry, channels) = (node.Geometry, output.Shape.Channels);
        for (var row = 0; row < rowCount; row++)
        {
            for (var x = 0; x < output.Shape.Width; x++)
            {
                var sums = target.Slice(((row * output.Shape.Width) + x) * channels, channels);
                if (node.Bias is { } bias)
                {
                    bias.Span.CopyTo(sums);
                }
                else
                {
                    sums.Clear();
                }

                for (var tap = 0; tap < geometry.Taps; tap++)
                {
                    var inY = geometry.FirstTap(firstRow + row) + (tap / geometry.Kernel * geometry.Dilation);
                    var inX = geometry.FirstTap(x) + (tap % geometry.Kernel * geometry.Dilation);
                    if ((uint)inY < (uint)input.Shape.Height && (uint)inX < (uint)input.Shape.Width)
                    {
                        AddTap(source.Slice(((inY * input.Shape.Width) + inX) * input.Shape.Channels, input.Shape.Channels), tap, sums);
                    }
                }
            }
        }

        if (node.Relu)
        {
            ReluLayer.Apply(target);
        }
    }

    /// <summary>Weights with output channels innermost: <c>[ky][kx][in][out]</c>, depthwise <c>[ky][kx][channel]</c> as they are.</summary>
    private static float[] Transpose(ConvolutionNode node, int outputs)
    {
        var weights = node.Weight.ToArray();
        if (node.Depthwise)
        {
            return weights;
        }

        var terms = weights.Length / outputs;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = node.Weight.Span[(i % outputs * terms) + (i / outputs)];
        }

        return weights;
    }

    private void AddTap(ReadOnlySpan<float> pixel, int tap, Span<float> sums)
    {
        if (node.Depthwise)
        {
            var weights = _weights.AsSpan(tap * sums.Length, sums.Length);
            for (var channel = 0; channel < sums.Length; channel++)
            {
                sums[channel] += pixel[channel] * weights[channel];
            }

            return;
        }

        for (var channel = 0; channel < pixel.Length; channel++)
        {
            var weights = _weights.AsSpan(((tap * pixel.Length) + channel) * sums.Length, sums.Length);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += pixel[channel] * weights[i];
            }
        }
    }
}
