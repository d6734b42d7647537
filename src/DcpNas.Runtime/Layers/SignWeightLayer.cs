using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A convolution of 1-bit weights and real activations: adds inputs or their negatives.</summary>
internal sealed class SignWeightLayer(SignWeightConvolutionNode node, Operand input, Operand output) : Layer
{
    private readonly uint[] _signs = SignBits(node.Weights);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<float>(memory);
        var target = output.Rows<float>(memory, firstRow, rowCount);
        target.Clear();
        var (geometry, channels) = (node.Geometry, output.Shape.Channels);
        for (var row = 0; row < rowCount; row++)
        {
            for (var x = 0; x < output.Shape.Width; x++)
            {
                var sums = target.Slice(((row * output.Shape.Width) + x) * channels, channels);
                for (var ky = 0; ky < geometry.Kernel; ky++)
                {
                    var inY = geometry.FirstTap(firstRow + row) + (ky * geometry.Dilation);
                    if ((uint)inY >= (uint)input.Shape.Height)
                    {
                        continue;
                    }

                    for (var kx = 0; kx < geometry.Kernel; kx++)
                    {
                        var inX = geometry.FirstTap(x) + (kx * geometry.Dilation);
                        if ((uint)inX < (uint)input.Shape.Width)
                        {
                            AddTap(source.Slice(((inY * input.Shape.Width) + inX) * input.Shape.Channels, input.Shape.Channels), (ky * geometry.Kernel) + kx, sums);
                        }
                    }
                }
            }
        }
    }

    /// <summary>The sign bit of a float per weight, output channels innermost: <c>[ky][kx][in][out]</c>, or depthwise <c>[ky][kx][channel]</c>.</summary>
    private static uint[] SignBits(SignWeights weights)
    {
        var (inputs, outputs) = (weights.Depthwise ? 1 : weights.InChannels, weights.OutChannels);
        var signs = new uint[weights.Kernel * weights.Kernel * inputs * outputs];
        for (var i = 0; i < signs.Length; i++)
        {
            var (tap, channel) = (i / outputs / inputs, i / outputs % inputs);
            signs[i] = weights[i % outputs, channel, tap / weights.Kernel, tap % weights.Kernel] < 0 ? 0x8000_0000 : 0;
        }

        return signs;
    }

    private void AddTap(ReadOnlySpan<float> pixel, int tap, Span<float> sums)
    {
        if (node.Weights.Depthwise)
        {
            var signs = _signs.AsSpan(tap * sums.Length, sums.Length);
            for (var channel = 0; channel < sums.Length; channel++)
            {
                sums[channel] += Flip(BitConverter.SingleToUInt32Bits(pixel[channel]), signs[channel]);
            }

            return;
        }

        for (var channel = 0; channel < pixel.Length; channel++)
        {
            var value = BitConverter.SingleToUInt32Bits(pixel[channel]);
            var signs = _signs.AsSpan(((tap * pixel.Length) + channel) * sums.Length, sums.Length);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += Flip(value, signs[i]);
            }
        }
    }

    private static float Flip(uint value, uint sign) => BitConverter.UInt32BitsToSingle(value ^ sign);
}
