using System.Numerics;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>The sums of a 1-bit convolution, one output at a time.</summary>
internal static class BinarySums
{
    /// <summary>The sum of one output: over the taps in the image, products of equal signs minus products of different signs.</summary>
    public static int Of(SignWeights weights, ConvolutionGeometry geometry, ReadOnlySpan<ulong> source, ValueShape input, int y, int x, int channel)
    {
        var (blocks, terms, differing) = (input.Blocks, 0, 0);
        var words = weights.Words.Span;
        for (var tap = 0; tap < geometry.Taps; tap++)
        {
            var inY = geometry.FirstTap(y) + (tap / geometry.Kernel * geometry.Dilation);
            var inX = geometry.FirstTap(x) + (tap % geometry.Kernel * geometry.Dilation);
            if ((uint)inY >= (uint)input.Height || (uint)inX >= (uint)input.Width)
            {
                continue;
            }

            var pixel = (inY * blocks * input.Width) + inX;
            if (weights.Depthwise)
            {
                var block = channel / 64;
                terms++;
                differing += (int)(((source[pixel + (block * input.Width)] ^ words[(tap * blocks) + block]) >> channel) & 1);
                continue;
            }

            terms += input.Channels;
            var row = words.Slice(((channel * geometry.Taps) + tap) * blocks, blocks);
            for (var block = 0; block < blocks; block++)
            {
                differing += BitOperations.PopCount(source[pixel + (block * input.Width)] ^ row[block]);
            }
        }

        return terms - (2 * differing);
    }
}
