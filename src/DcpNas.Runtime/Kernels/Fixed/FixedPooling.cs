using System.Runtime.CompilerServices;

namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Maximum or mean of the pixels under a window, on fixed-point numbers <c>[y][x][channel]</c>; the exponent stays. Pixels outside of the map count as not there.</summary>
/// <remarks>
/// The mean is that of columns, then of their means: every number is multiplied by <c>round(2^15 / n)</c> with <see cref="IShortLanes{T}.MultiplyRound"/>, n pixels being there, and the products are added from the top
/// or from the left, saturating. Where n is 1, the number stays as it is.
/// </remarks>
internal sealed unsafe class FixedPooling : IPool<short>
{
    private readonly bool _average;
    private readonly PoolWindows _windows;

    /// <summary>Prepares the job; sizes as for <see cref="Pooling"/>.</summary>
    /// <param name="average">The mean; else the maximum.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Pixels of a row of the input.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Pixels between windows.</param>
    /// <param name="padding">Pixels that windows may stand out of the map, at most half of the window.</param>
    /// <param name="shift">Pixels cut off at the top and the left before anything else.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    /// <exception cref="ArgumentException">A size is out of its range.</exception>
    public FixedPooling(bool average, int height, int width, int channels, int kernel = 3, int stride = 1, int padding = 1, int shift = 0, InstructionSet? set = null)
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
    public void Run(ReadOnlySpan<short> input, Span<short> output, int firstRow, int rowCount)
    {
        _windows.Check(input.Length, output.Length, firstRow, rowCount);
        var (width, channels) = (_windows.Width, _windows.Channels);
        fixed (short* source = input, target = output)
        {
            for (var row = 0; row < rowCount; row++)
            {
                var (first, rows) = _windows.Rows(firstRow + row);
                ShortLoop.Run(Set, channels, new Step(this, source + ((long)first * width * channels), target + ((long)row * OutWidth * channels), rows), repeatable: true);
            }
        }
    }

    private static short Inverse(int count) => count == 1 ? (short)0 : (short)Math.Round(32768.0 / count, MidpointRounding.ToEven);

    private readonly struct Step(FixedPooling job, short* input, short* output, int rows) : IShortStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            var (windows, first, end) = (job._windows, job._windows.InsideFrom, job._windows.InsideTo);
            Edge<TLanes, T>(channel, 0, first);
            var corner = input + ((((long)first * windows.Stride) - windows.Lead) * windows.Channels) + channel;
            var target = output + ((long)first * windows.Channels) + channel;
            switch (windows.Kernel, rows)
            {
                case (3, 2 or 3) when windows.Stride == 1:
                    Slide<TLanes, T>(corner, target, end - first);
                    break;
                case (2, 2):
                    Two<TLanes, T>(corner, target, end - first);
                    break;
                default:
                    Edge<TLanes, T>(channel, first, end);
                    break;
            }

            Edge<TLanes, T>(channel, end, windows.OutWidth);
        }

        /// <summary>Any windows.</summary>
        private void Edge<TLanes, T>(int channel, int start, int end)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            var (windows, rowShare) = (job._windows, Inverse(rows));
            var row = (nint)windows.Width * windows.Channels;
            for (var x = start; x < end; x++)
            {
                var (first, count) = windows.Columns(x);
                var columnShare = Inverse(count);
                var value = default(T);
                for (var column = first; column < first + count; column++)
                {
                    var pixel = input + ((long)column * windows.Channels) + channel;
                    var joined = Share<TLanes, T>(TLanes.Load(pixel), rowShare);
                    for (var y = 1; y < rows; y++)
                    {
                        joined = Join<TLanes, T>(joined, Share<TLanes, T>(TLanes.Load(pixel + (y * row)), rowShare));
                    }

                    joined = Share<TLanes, T>(joined, columnShare);
                    value = column == first ? joined : Join<TLanes, T>(value, joined);
                }

                TLanes.Store(value, output + ((long)x * windows.Channels) + channel);
            }
        }

        /// <summary>Whole columns of windows 3 pixels wide, at a stride of 1: each column is joined once.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Slide<TLanes, T>(short* source, short* target, int count)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            if (count <= 0)
            {
                return;
            }

            nint step = job._windows.Channels;
            var (row, isThree, average) = (job._windows.Width * step, rows == 3, job._average);
            var (rowShare, third) = (TLanes.Create(Inverse(rows)), TLanes.Create(Inverse(3)));
            var first = Column<TLanes, T>(source, row, isThree, average, rowShare, third);
            var second = Column<TLanes, T>(source + step, row, isThree, average, rowShare, third);
            source += 2 * step;
            for (var x = 0; x < count; x++, source += step, target += step)
            {
                var next = Column<TLanes, T>(source, row, isThree, average, rowShare, third);
                TLanes.Store(average ? TLanes.Add(TLanes.Add(first, second), next) : TLanes.Max(TLanes.Max(first, second), next), target);
                (first, second) = (second, next);
            }
        }

        /// <summary>Whole windows of 2x2.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Two<TLanes, T>(short* source, short* target, int count)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            nint step = job._windows.Channels;
            var (row, stride, average, half) = (job._windows.Width * step, job._windows.Stride * step, job._average, TLanes.Create(Inverse(2)));
            for (var x = 0; x < count; x++, source += stride, target += step)
            {
                var left = Column<TLanes, T>(source, row, false, average, half, half);
                var right = Column<TLanes, T>(source + step, row, false, average, half, half);
                TLanes.Store(average ? TLanes.Add(left, right) : TLanes.Max(left, right), target);
            }
        }

        /// <summary>What two or three pixels below one another have to do with a window.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Column<TLanes, T>(short* pixel, nint row, bool isThree, bool average, T rowShare, T columnShare)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            var (a, b) = (TLanes.Load(pixel), TLanes.Load(pixel + row));
            if (!average)
            {
                var largest = TLanes.Max(a, b);
                return isThree ? TLanes.Max(largest, TLanes.Load(pixel + (2 * row))) : largest;
            }

            var sum = TLanes.Add(TLanes.MultiplyRound(a, rowShare), TLanes.MultiplyRound(b, rowShare));
            sum = isThree ? TLanes.Add(sum, TLanes.MultiplyRound(TLanes.Load(pixel + (2 * row)), rowShare)) : sum;
            return TLanes.MultiplyRound(sum, columnShare);
        }

        private T Join<TLanes, T>(T left, T right)
            where TLanes : struct, IShortLanes<T>
            where T : struct => job._average ? TLanes.Add(left, right) : TLanes.Max(left, right);

        private T Share<TLanes, T>(T value, short inverse)
            where TLanes : struct, IShortLanes<T>
            where T : struct => job._average && inverse != 0 ? TLanes.MultiplyRound(value, TLanes.Create(inverse)) : value;
    }
}
