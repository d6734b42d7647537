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
    private readonly int _lead; // pixels that the first window stands out of the map; below 0 it starts inside

    /// <summary>Prepares the job.</summary>
    /// <param name="average">The mean; else the maximum.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Pixels of a row of the input.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Pixels between windows.</param>
    /// <param name="padding">Pixels that windows may stand out of the map, at most half of the window, so that none is empty.</param>
    /// <param name="shift">Pixels cut off at the top and the left before anything else.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    /// <exception cref="ArgumentException">A size is out of its range.</exception>
    public Pooling(bool average, int height, int width, int channels, int kernel = 3, int stride = 1, int padding = 1, int shift = 0, InstructionSet? set = null)
    {
        // The same sizes as those of a depthwise convolution, but for the bound of the padding.
        var geometry = new ConvolutionGeometry { Input = new(height, width, channels), OutChannels = channels, Kernel = kernel, Stride = stride, Padding = padding, Shift = shift, Depthwise = true };
        geometry.Check();
        if (padding > kernel / 2)
        {
            throw new ArgumentException($"padding must be at most {kernel / 2}, got {padding}.");
        }

        (_average, _height, _width, _channels, _kernel, _stride, _lead) = (average, height, width, channels, kernel, stride, geometry.Lead);
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
                var top = ((firstRow + row) * _stride) - _lead;
                var (first, last) = (Math.Max(top, 0), Math.Min(top + _kernel, _height));
                ChannelLoop.Run(Set, _channels, new Step(this, source + ((long)first * _width * _channels), target + ((long)row * OutWidth * _channels), last - first));
            }
        }
    }

    private readonly struct Step(Pooling job, float* input, float* output, int rows) : IChannelStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (width, channels, outputs) = (job._width, job._channels, job.OutWidth);
            // The windows that lie inside of the map from left to right.
            var first = Math.Clamp((job._lead + job._stride - 1) / job._stride, 0, outputs);
            var last = job._width + job._lead - job._kernel;
            var end = last < 0 ? first : Math.Max(first, Math.Min(outputs, (last / job._stride) + 1));
            Edge<TLanes, T>(channel, 0, first);
            var corner = input + (((long)first * job._stride) - job._lead) * channels + channel;
            var target = output + ((long)first * channels) + channel;
            switch (job._kernel, rows)
            {
                case (3, 3):
                    Three<TLanes, T>(corner, target, end - first, channels, (nint)width * channels, job._stride, job._average);
                    break;
                case (2, 2):
                    Two<TLanes, T>(corner, target, end - first, channels, (nint)width * channels, job._stride, job._average);
                    break;
                default:
                    Edge<TLanes, T>(channel, first, end);
                    break;
            }

            Edge<TLanes, T>(channel, end, outputs);
        }

        /// <summary>Windows that may stand out of the map.</summary>
        private void Edge<TLanes, T>(int channel, int start, int end)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (width, channels, average) = (job._width, job._channels, job._average);
            for (var x = start; x < end; x++)
            {
                var left = (x * job._stride) - job._lead;
                var (first, last) = (Math.Max(left, 0), Math.Min(left + job._kernel, width));
                var corner = input + ((long)first * channels) + channel;
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

        /// <summary>Whole windows of 3x3, in the same order; with a stride of 1 each pixel is loaded once.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Three<TLanes, T>(float* source, float* target, int count, nint column, nint row, int stride, bool average)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            if (count <= 0)
            {
                return;
            }

            var (nine, inverse, step) = (TLanes.Create(9), TLanes.Create(1f / 9), stride * column);
            var (a0, a1, a2) = (TLanes.Load(source), TLanes.Load(source + row), TLanes.Load(source + (2 * row)));
            var (b0, b1, b2) = (TLanes.Load(source + column), TLanes.Load(source + row + column), TLanes.Load(source + (2 * row) + column));
            while (true)
            {
                var corner = source + (2 * column);
                var (c0, c1, c2) = (TLanes.Load(corner), TLanes.Load(corner + row), TLanes.Load(corner + (2 * row)));
                T value;
                if (average)
                {
                    value = TLanes.Add(TLanes.Add(TLanes.Add(TLanes.Add(a0, b0), c0), a1), b1);
                    value = TLanes.DivideBy(TLanes.Add(TLanes.Add(TLanes.Add(TLanes.Add(value, c1), a2), b2), c2), nine, inverse);
                }
                else
                {
                    value = TLanes.Max(b1, TLanes.Max(a1, TLanes.Max(c0, TLanes.Max(b0, a0))));
                    value = TLanes.Max(c2, TLanes.Max(b2, TLanes.Max(a2, TLanes.Max(c1, value))));
                }

                TLanes.Store(value, target);
                if (--count == 0)
                {
                    return;
                }

                target += column;
                source += step;
                if (stride == 1)
                {
                    (a0, a1, a2) = (b0, b1, b2);
                    (b0, b1, b2) = (c0, c1, c2);
                }
                else
                {
                    (a0, a1, a2) = (TLanes.Load(source), TLanes.Load(source + row), TLanes.Load(source + (2 * row)));
                    (b0, b1, b2) = (TLanes.Load(source + column), TLanes.Load(source + row + column), TLanes.Load(source + (2 * row) + column));
                }
            }
        }

        /// <summary>Whole windows of 2x2, in the same order.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Two<TLanes, T>(float* source, float* target, int count, nint column, nint row, int stride, bool average)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (four, inverse, step) = (TLanes.Create(4), TLanes.Create(0.25f), stride * column);
            for (var x = 0; x < count; x++, source += step, target += column)
            {
                var (a, b, c, d) = (TLanes.Load(source), TLanes.Load(source + column), TLanes.Load(source + row), TLanes.Load(source + row + column));
                TLanes.Store(
                    average ? TLanes.DivideBy(TLanes.Add(TLanes.Add(TLanes.Add(a, b), c), d), four, inverse) : TLanes.Max(d, TLanes.Max(c, TLanes.Max(b, a))), target);
            }
        }
    }
}
