using System.Runtime.CompilerServices;

namespace DcpNas.Runtime.Kernels.Fixed;

/// <summary>Maximum or mean of the pixels under a window, on fixed-point numbers <c>[y][x][channel]</c>; the exponent stays. Pixels outside of the map count as not there.</summary>
/// <remarks>
/// The mean is that of columns, then of their means: every number is multiplied by <c>round(2^15 / n)</c> with <see cref="IShortLanes{T}.MultiplyRound"/>, n pixels being there, and the products are added from the top
/// or from the left, saturating. Where n is 1, the number stays as it is.
/// </remarks>
internal sealed unsafe class FixedPooling
{
    private readonly bool _average;
    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _lead; // pixels that the first window stands out of the map; below 0 it starts inside

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
        var sizes = new Pooling(average, height, width, channels, kernel, stride, padding, shift, set); // checks them
        (_average, _height, _width, _channels, _kernel, _stride, _lead) = (average, height, width, channels, kernel, stride, padding - shift);
        (OutHeight, OutWidth, Set) = (sizes.OutHeight, sizes.OutWidth, sizes.Set);
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
    public void Run(ReadOnlySpan<short> input, Span<short> output, int firstRow, int rowCount)
    {
        Bounds.Rows(firstRow, rowCount, OutHeight);
        Bounds.AtLeast(input.Length, (long)_height * _width * _channels);
        Bounds.AtLeast(output.Length, (long)rowCount * OutWidth * _channels);
        fixed (short* source = input, target = output)
        {
            for (var row = 0; row < rowCount; row++)
            {
                var top = ((firstRow + row) * _stride) - _lead;
                var (first, last) = (Math.Max(top, 0), Math.Min(top + _kernel, _height));
                ShortLoop.Run(Set, _channels, new Step(this, source + ((long)first * _width * _channels), target + ((long)row * OutWidth * _channels), last - first), repeatable: true);
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
            // The windows that lie inside of the map from left to right.
            var outputs = job.OutWidth;
            var first = Math.Clamp((job._lead + job._stride - 1) / job._stride, 0, outputs);
            var last = job._width + job._lead - job._kernel;
            var end = last < 0 ? first : Math.Max(first, Math.Min(outputs, (last / job._stride) + 1));
            Edge<TLanes, T>(channel, 0, first);
            var corner = input + ((((long)first * job._stride) - job._lead) * job._channels) + channel;
            var target = output + ((long)first * job._channels) + channel;
            switch (job._kernel, rows)
            {
                case (3, 2 or 3) when job._stride == 1:
                    Slide<TLanes, T>(corner, target, end - first);
                    break;
                case (2, 2):
                    Two<TLanes, T>(corner, target, end - first);
                    break;
                default:
                    Edge<TLanes, T>(channel, first, end);
                    break;
            }

            Edge<TLanes, T>(channel, end, outputs);
        }

        /// <summary>Any windows.</summary>
        private void Edge<TLanes, T>(int channel, int start, int end)
            where TLanes : struct, IShortLanes<T>
            where T : struct
        {
            var row = (nint)job._width * job._channels;
            for (var x = start; x < end; x++)
            {
                var left = (x * job._stride) - job._lead;
                var (first, last) = (Math.Max(left, 0), Math.Min(left + job._kernel, job._width));
                var (rowShare, columnShare) = (Inverse(rows), Inverse(last - first));
                var value = default(T);
                for (var column = first; column < last; column++)
                {
                    var pixel = input + ((long)column * job._channels) + channel;
                    var joined = Share<TLanes, T>(TLanes.Load(pixel), rowShare);
                    for (var y = 1; y < rows; y++)
                    {
                        joined = Join<TLanes, T>(joined, Share<TLanes, T>(TLanes.Load(pixel + (y * row)), rowShare));
                    }

                    joined = Share<TLanes, T>(joined, columnShare);
                    value = column == first ? joined : Join<TLanes, T>(value, joined);
                }

                TLanes.Store(value, output + ((long)x * job._channels) + channel);
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

            nint step = job._channels;
            var (row, isThree, average) = (job._width * step, rows == 3, job._average);
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
            nint step = job._channels;
            var (row, stride, average, half) = (job._width * step, job._stride * step, job._average, TLanes.Create(Inverse(2)));
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
