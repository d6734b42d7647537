using System.Runtime.CompilerServices;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>Maximum or mean of the pixels under a window, on floats <c>[y][x][channel]</c>; pixels outside of the map count as not there.</summary>
/// <remarks>
/// The mean is the sum, row by row from the left, divided by the number of pixels that are there (<c>count_include_pad=False</c>). Every instruction set gives the same floats.
/// </remarks>
internal sealed unsafe class Pooling : IPool<float>
{
    private readonly bool _average;
    private readonly PoolWindows _windows;

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
        (_average, _windows, Set) = (average, new PoolWindows(height, width, channels, kernel, stride, padding, shift), InstructionSets.Choose(set));
    }

    /// <summary>Rows of the output.</summary>
    public int OutHeight => _windows.OutHeight;

    /// <summary>Pixels of a row of the output.</summary>
    public int OutWidth => _windows.OutWidth;

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int firstRow, int rowCount)
    {
        _windows.Check(input.Length, output.Length, firstRow, rowCount);
        var (width, channels) = (_windows.Width, _windows.Channels);
        fixed (float* source = input, target = output)
        {
            for (var row = 0; row < rowCount; row++)
            {
                var (first, rows) = _windows.Rows(firstRow + row);
                ChannelLoop.Run(Set, channels, new Step(this, source + ((long)first * width * channels), target + ((long)row * OutWidth * channels), rows));
            }
        }
    }

    private readonly struct Step(Pooling job, float* input, float* output, int rows) : IChannelStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (windows, first, end) = (job._windows, job._windows.InsideFrom, job._windows.InsideTo);
            var (channels, rowLength) = (windows.Channels, (nint)windows.Width * windows.Channels);
            Edge<TLanes, T>(channel, 0, first);
            var corner = input + ((((long)first * windows.Stride) - windows.Lead) * channels) + channel;
            var target = output + ((long)first * channels) + channel;
            switch (windows.Kernel, rows)
            {
                case (3, 3):
                    Three<TLanes, T>(corner, target, end - first, channels, rowLength, windows.Stride, job._average);
                    break;
                case (2, 2):
                    Two<TLanes, T>(corner, target, end - first, channels, rowLength, windows.Stride, job._average);
                    break;
                default:
                    Edge<TLanes, T>(channel, first, end);
                    break;
            }

            Edge<TLanes, T>(channel, end, windows.OutWidth);
        }

        /// <summary>Windows that may stand out of the map.</summary>
        private void Edge<TLanes, T>(int channel, int start, int end)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (windows, channels, average) = (job._windows, job._windows.Channels, job._average);
            for (var x = start; x < end; x++)
            {
                var (first, columns) = windows.Columns(x);
                var corner = input + ((long)first * channels) + channel;
                var value = TLanes.Load(corner);
                for (var row = 0; row < rows; row++)
                {
                    var pixel = corner + ((long)row * windows.Width * channels);
                    for (var column = row == 0 ? 1 : 0; column < columns; column++)
                    {
                        var next = TLanes.Load(pixel + ((long)column * channels));
                        value = average ? TLanes.Add(value, next) : TLanes.Max(next, value);
                    }
                }

                if (average)
                {
                    value = TLanes.Divide(value, TLanes.Create(rows * columns));
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
