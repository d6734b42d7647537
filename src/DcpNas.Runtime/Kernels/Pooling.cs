using System.Runtime.CompilerServices;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>Maximum or mean of the pixels under a window, on floats <c>[y][x][channel]</c>; pixels outside of the map count as not there.</summary>
/// <remarks>
/// The mean is the sum, row by row from the left, divided by the number of pixels that are there (<c>count_include_pad=False</c>). Every instruction set gives the same floats.
/// </remarks>
internal sealed unsafe class Pooling
{
    private readonly bool _average;
    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;

    /// <summary>Prepares the job.</summary>
    /// <param name="average">The mean; else the maximum.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Pixels of a row of the input.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Pixels between windows.</param>
    /// <param name="padding">Pixels that windows may stand out of the map, at most half of the window, so that none is empty.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    /// <exception cref="ArgumentException">A size is out of its range.</exception>
    public Pooling(bool average, int height, int width, int channels, int kernel = 3, int stride = 1, int padding = 1, InstructionSet? set = null)
    {
        // The same sizes as those of a depthwise convolution, but for the bound of the padding.
        var geometry = new ConvolutionGeometry { Input = new(height, width, channels), OutChannels = channels, Kernel = kernel, Stride = stride, Padding = padding, Depthwise = true };
        geometry.Check();
        if (padding > kernel / 2)
        {
            throw new ArgumentException($"padding must be at most {kernel / 2}, got {padding}.");
        }

        (_average, _height, _width, _channels, _kernel, _stride, _padding) = (average, height, width, channels, kernel, stride, padding);
        (OutHeight, OutWidth, Set) = (geometry.OutHeight, geometry.OutWidth, InstructionSets.Choose(set));
    }

    /// <summary>Rows of the output.</summary>
    public int OutHeight { get; }

    /// <summary>Pixels of a row of the output.</summary>
    public int OutWidth { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Pools some rows. Several threads may do so at once, each on its own rows.</summary>
    /// <param name="input">The whole map.</param>
    /// <param name="output">Receives <paramref name="rowCount"/> rows.</param>
    /// <param name="firstRow">The first row of the output.</param>
    /// <param name="rowCount">Rows.</param>
    /// <exception cref="ArgumentException">A span is too short or a row is outside.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int firstRow, int rowCount)
    {
        Bounds.Rows(firstRow, rowCount, OutHeight);
        Bounds.AtLeast(input.Length, (long)_height * _width * _channels);
        Bounds.AtLeast(output.Length, (long)rowCount * OutWidth * _channels);
        fixed (float* source = input, target = output)
        {
            for (var row = 0; row < rowCount; row++)
            {
                var top = ((firstRow + row) * _stride) - _padding;
                var (first, last) = (Math.Max(top, 0), Math.Min(top + _kernel, _height));
                ChannelLoop.Run(Set, _channels, new Step(this, source + ((long)first * _width * _channels), target + ((long)row * OutWidth * _channels), last - first));
            }
        }
    }

    private readonly struct Step(Pooling job, float* input, float* output, int rows) : IChannelStep
    {
        private const int Unrolled = 3;

        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (width, channels, average) = (job._width, job._channels, job._average);
            for (var x = 0; x < job.OutWidth; x++)
            {
                var left = (x * job._stride) - job._padding;
                var (first, last) = (Math.Max(left, 0), Math.Min(left + job._kernel, width));
                var corner = input + ((long)first * channels) + channel;
                if (rows == Unrolled && last - first == Unrolled)
                {
                    TLanes.Store(average ? Mean<TLanes, T>(corner, channels, width * channels) : Maximum<TLanes, T>(corner, channels, width * channels), output + ((long)x * channels) + channel);
                    continue;
                }

                var value = TLanes.Load(corner);
                for (var row = 0; row < rows; row++)
                {
                    var pixel = corner + ((long)row * width * channels);
                    for (var column = row == 0 ? 1 : 0; column < last - first; column++)
                    {
                        var next = TLanes.Load(pixel + ((long)column * channels));
                        value = average ? TLanes.Add(value, next) : TLanes.Max(next, value);
                    }
                }

                if (average)
                {
                    value = TLanes.Divide(value, TLanes.Create(rows * (last - first)));
                }

                TLanes.Store(value, output + ((long)x * channels) + channel);
            }
        }

        /// <summary>The mean of a whole window of 3x3, in the same order.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Mean<TLanes, T>(float* pixel, nint column, nint row)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var value = TLanes.Load(pixel);
            value = TLanes.Add(value, TLanes.Load(pixel + column));
            value = TLanes.Add(value, TLanes.Load(pixel + (2 * column)));
            value = TLanes.Add(value, TLanes.Load(pixel + row));
            value = TLanes.Add(value, TLanes.Load(pixel + row + column));
            value = TLanes.Add(value, TLanes.Load(pixel + row + (2 * column)));
            value = TLanes.Add(value, TLanes.Load(pixel + (2 * row)));
            value = TLanes.Add(value, TLanes.Load(pixel + (2 * row) + column));
            value = TLanes.Add(value, TLanes.Load(pixel + (2 * row) + (2 * column)));
            return TLanes.Divide(value, TLanes.Create(Unrolled * Unrolled));
        }

        /// <summary>The maximum of a whole window of 3x3.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Maximum<TLanes, T>(float* pixel, nint column, nint row)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var value = TLanes.Load(pixel);
            value = TLanes.Max(TLanes.Load(pixel + column), value);
            value = TLanes.Max(TLanes.Load(pixel + (2 * column)), value);
            value = TLanes.Max(TLanes.Load(pixel + row), value);
            value = TLanes.Max(TLanes.Load(pixel + row + column), value);
            value = TLanes.Max(TLanes.Load(pixel + row + (2 * column)), value);
            value = TLanes.Max(TLanes.Load(pixel + (2 * row)), value);
            value = TLanes.Max(TLanes.Load(pixel + (2 * row) + column), value);
            value = TLanes.Max(TLanes.Load(pixel + (2 * row) + (2 * column)), value);
            return value;
        }
    }
}
