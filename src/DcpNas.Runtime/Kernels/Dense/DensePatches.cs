namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>Dense convolution pixel by pixel: the words under the kernel are gathered, then compared with the filters of all output channels.</summary>
internal abstract unsafe class DensePatches : BinaryConvolution
{
    private readonly ulong[] _weights;
    private readonly BitRule[] _rules;

    /// <summary>Prepares the kernel.</summary>
    protected DensePatches(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set)
        : base(geometry, !rules.IsEmpty, set) => (_weights, _rules) = (weights.ToArray(), rules.ToArray());

    /// <inheritdoc/>
    protected internal override int Scratch(int rowCount) => checked(sizeof(ulong) * Geometry.Kernel * Geometry.Kernel * Geometry.Input.Blocks);

    /// <inheritdoc/>
    protected internal override void Run(ulong* input, Result result, void* output, int firstRow, int rowCount, byte* scratch)
    {
        var patch = (ulong*)scratch;
        var (width, channels) = (Geometry.OutWidth, Geometry.OutChannels);
        if (result == Result.Bits)
        {
            new Span<ulong>(output, rowCount * Geometry.Output.RowWords).Clear();
        }

        fixed (ulong* weights = _weights)
        {
            for (var row = 0; row < rowCount; row++)
            {
                var rows = Taps.Of(Geometry, firstRow + row, Geometry.Input.Height);
                for (var x = 0; x < width; x++)
                {
                    var columns = Taps.Of(Geometry, x, Geometry.Input.Width);
                    Gather(input, patch, firstRow + row, x, rows, columns);
                    var terms = rows.Count * columns.Count * Geometry.Input.Channels;
                    for (var channel = 0; channel < channels; channel++)
                    {
                        var sum = terms - (2 * Mismatches(patch, weights, channel, rows, columns));
                        var at = ((((long)row * width) + x) * channels) + channel;
                        switch (result)
                        {
                            case Result.Sums16:
                                ((short*)output)[at] = (short)sum;
                                break;
                            case Result.Sums32:
                                ((int*)output)[at] = sum;
                                break;
                            default:
                                ((ulong*)output)[Geometry.Output.IndexOf(row, channel / BitShape.BlockChannels, x)] |= _rules[channel].Apply(sum) ? 1UL << channel : 0;
                                break;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Counts the bits in which two runs of words differ.</summary>
    protected abstract int Difference(ulong* left, ulong* right, int words);

    private int Mismatches(ulong* patch, ulong* weights, int channel, Taps rows, Taps columns)
    {
        var (kernel, blocks) = (Geometry.Kernel, Geometry.Input.Blocks);
        if (columns.Count == kernel)
        {
            return Difference(patch, weights + (((((long)channel * kernel) + rows.First) * kernel) * blocks), rows.Count * kernel * blocks);
        }

        var count = 0;
        for (var ky = rows.First; ky < rows.End; ky++)
        {
            count += Difference(patch, weights + ((((((long)channel * kernel) + ky) * kernel) + columns.First) * blocks), columns.Count * blocks);
            patch += columns.Count * blocks;
        }

        return count;
    }

    /// <summary>Gathers the words of the taps that lie inside, <c>[ky][kx][block]</c>.</summary>
    private void Gather(ulong* input, ulong* patch, int y, int x, Taps rows, Taps columns)
    {
        var shape = Geometry.Input;
        for (var ky = rows.First; ky < rows.End; ky++)
        {
            var inY = (y * Geometry.Stride) + (ky * Geometry.Dilation) - Geometry.Lead;
            for (var kx = columns.First; kx < columns.End; kx++)
            {
                var inX = (x * Geometry.Stride) + (kx * Geometry.Dilation) - Geometry.Lead;
                for (var block = 0; block < shape.Blocks; block++)
                {
                    *patch++ = input[shape.IndexOf(inY, block, inX)];
                }
            }
        }
    }
}
