using System.Numerics;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>What <see cref="DensePixelLanes"/> knows before it sees an input: where pixels lie, and what the pixels outside of the map do to the counts.</summary>
/// <remarks>
/// <para><b>Places.</b> The pixels of the output lie one behind the other, rows <see cref="Pitch"/> apart, and the input is laid out so that each tap finds the pixels of all outputs at one distance.
/// With a stride the input is sorted into phases by the remainders of its row and column. Without one, the zeros right of a row are those left of the next.</para>
/// <para><b>Borders.</b> Pixels outside count as +1, although half a mismatch per channel is wanted. What is missing depends on the output channel and on which taps lie outside, the border class of the
/// pixel: counters do not start at 0 but with a value looked up by class. <see cref="Biases"/> make all starts positive and are added to thresholds.</para>
/// </remarks>
internal sealed class PixelPlan
{
    private const int MostClasses = 64;
    private const int Lanes = 64;

    private readonly ConvolutionGeometry _geometry;
    private readonly Groups _groups;
    private readonly int[] _phases; // those that a tap reads

    private PixelPlan(ConvolutionGeometry geometry, Groups groups)
    {
        (_geometry, _groups) = (geometry, groups);
        var reach = geometry.Dilation * (geometry.Kernel - 1);
        var shares = geometry.Stride == 1 && geometry.Shift == 0 && geometry.Padding <= reach;
        Pitch = shares ? Math.Max(geometry.Input.Width + geometry.Lead, geometry.OutWidth) : geometry.OutWidth + (reach / geometry.Stride);
        PhaseReach = reach / geometry.Stride;
        PlaneBytes = checked((((geometry.OutHeight + PhaseReach) * Pitch) + PhaseReach + (2 * Lanes)) / Lanes * Lanes);
        _phases = [.. Enumerable.Range(0, geometry.Kernel * geometry.Kernel).Select(PhaseOf).Distinct()];
        Classes = new byte[checked((geometry.OutHeight * Pitch) + (2 * Lanes))];
    }

    /// <summary>Places from one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>Rows and columns of a phase beyond those of the output.</summary>
    public int PhaseReach { get; }

    /// <summary>Bytes of a plane: one group of one phase.</summary>
    public int PlaneBytes { get; }

    /// <summary>The phases that taps read: <c>rowPhase * stride + columnPhase</c>.</summary>
    public ReadOnlySpan<int> Phases => _phases;

    /// <summary>The border class of each place.</summary>
    public byte[] Classes { get; }

    /// <summary>Whether there is more than one class.</summary>
    public bool HasBorders { get; private set; }

    /// <summary>The largest start.</summary>
    public int LargestStart { get; private set; }

    /// <summary>Steps of a segment.</summary>
    public int Segment { get; private set; }

    /// <summary>What counters start with, <c>[channel][segment][class]</c>; empty without borders.</summary>
    public byte[] Starts { get; private set; } = [];

    /// <summary>What each channel counts too much.</summary>
    public int[] Biases { get; private set; } = [];

    /// <summary>Makes the plan, or returns null where the sizes ask for too many classes or too large starts.</summary>
    public static PixelPlan? TryCreate(ConvolutionGeometry geometry, Groups groups, ReadOnlySpan<ulong> weights)
    {
        var plan = new PixelPlan(geometry, groups);
        return plan.FindBorders(weights) ? plan : null;
    }

    /// <summary>Where the plane of a step begins.</summary>
    public int PlaneOf(int step)
    {
        var (tap, group) = (step / _groups.Count, step % _groups.Count);
        var (y, x) = (tap / _geometry.Kernel * _geometry.Dilation, tap % _geometry.Kernel * _geometry.Dilation);
        var phase = Array.IndexOf(_phases, PhaseOf(tap));
        return checked((((phase * _groups.Count) + group) * PlaneBytes) + (y / _geometry.Stride * Pitch) + (x / _geometry.Stride));
    }

    private int PhaseOf(int tap)
    {
        var (y, x) = (tap / _geometry.Kernel * _geometry.Dilation, tap % _geometry.Kernel * _geometry.Dilation);
        return (y % _geometry.Stride * _geometry.Stride) + (x % _geometry.Stride);
    }

    private bool FindBorders(ReadOnlySpan<ulong> weights)
    {
        var g = _geometry;
        var classes = new List<(Taps Rows, Taps Columns)>();
        for (var y = 0; y < g.OutHeight; y++)
        {
            for (var x = 0; x < g.OutWidth; x++)
            {
                var taps = (Taps.Of(g, y, g.Input.Height), Taps.Of(g, x, g.Input.Width));
                var index = classes.IndexOf(taps);
                if (index < 0)
                {
                    index = classes.Count;
                    classes.Add(taps);
                }

                if (index >= MostClasses)
                {
                    return false;
                }

                Classes[(y * Pitch) + x] = (byte)index;
            }
        }

        var steps = g.Kernel * g.Kernel * _groups.Count;
        var starts = new int[g.OutChannels, classes.Count];
        Biases = new int[g.OutChannels];
        var range = 0;
        for (var channel = 0; channel < g.OutChannels; channel++)
        {
            for (var index = 0; index < classes.Count; index++)
            {
                starts[channel, index] = Start(weights, channel, classes[index].Rows, classes[index].Columns);
                Biases[channel] = Math.Max(Biases[channel], -starts[channel, index]);
            }

            for (var index = 0; index < classes.Count; index++)
            {
                starts[channel, index] += Biases[channel];
                range = Math.Max(range, starts[channel, index]);
            }
        }

        if (((long)g.Terms * _groups.Unit) + range >= ushort.MaxValue)
        {
            return false;
        }

        LargestStart = range;
        HasBorders = range > 0;
        var perStep = _groups.Bits * _groups.Unit;
        var segments = 1;
        while (true)
        {
            var room = byte.MaxValue - ((range + segments - 1) / segments);
            Segment = room / perStep;
            if (Segment > 0 && (long)Segment * segments >= steps)
            {
                break;
            }

            segments++;
        }

        if (segments > 3 * ((steps * perStep / byte.MaxValue) + 1))
        {
            return false; // the borders weigh more than the products
        }

        segments = (steps + Segment - 1) / Segment;
        if (HasBorders)
        {
            var share = (range + segments - 1) / segments;
            if (share + (Segment * perStep) > byte.MaxValue)
            {
                return false;
            }

            Starts = new byte[g.OutChannels * segments * MostClasses];
            for (var channel = 0; channel < g.OutChannels; channel++)
            {
                for (var index = 0; index < classes.Count; index++)
                {
                    var left = starts[channel, index];
                    for (var segment = 0; segment < segments; segment++)
                    {
                        var part = Math.Min(left, share);
                        Starts[(((channel * segments) + segment) * MostClasses) + index] = (byte)part;
                        left -= part;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>What a class has to add to its counts: half of the channels of each tap outside, less those that were counted there.</summary>
    private int Start(ReadOnlySpan<ulong> weights, int channel, Taps rows, Taps columns)
    {
        var (kernel, blocks, start) = (_geometry.Kernel, _geometry.Input.Blocks, 0);
        for (var tap = 0; tap < kernel * kernel; tap++)
        {
            var (ky, kx) = (tap / kernel, tap % kernel);
            if (ky >= rows.First && ky < rows.End && kx >= columns.First && kx < columns.End)
            {
                continue;
            }

            var counted = 0;
            foreach (var word in weights.Slice(((channel * kernel * kernel) + tap) * blocks, blocks))
            {
                counted += BitOperations.PopCount(word);
            }

            start += (_geometry.Input.Channels * _groups.Unit / 2) - (_groups.Unit * counted);
        }

        return start;
    }
}
