using System.Numerics;

namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>What a depthwise convolution knows before it sees an input.</summary>
/// <remarks>
/// Kernels count the mismatches of all taps, those outside of the map included, which they read as +1 (bits of 0). How many of these mismatch is known: the taps whose weight is -1.
/// So each border class, a set of rows times a set of columns that lie inside, has its own thresholds and its own constants.
/// </remarks>
internal sealed class DepthwisePlan
{
    private readonly Taps[] _rows;
    private readonly Taps[] _columns;

    /// <summary>Prepares everything.</summary>
    public DepthwisePlan(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules)
    {
        (Geometry, HasRules, Weights) = (geometry, !rules.IsEmpty, new ulong[weights.Length]);
        var taps = geometry.Kernel * geometry.Kernel;
        for (var index = 0; index < weights.Length; index++)
        {
            Weights[(index % geometry.Input.Blocks * taps) + (index / geometry.Input.Blocks)] = weights[index];
        }

        Planes = BitOperations.Log2((uint)(geometry.Terms + 1)) + 1;
        (_rows, RowClass) = Classes(geometry, geometry.OutHeight, geometry.Input.Height);
        (_columns, ColumnClass) = Classes(geometry, geometry.OutWidth, geometry.Input.Width);
        Pitch = (geometry.OutWidth + 7) / 8 * 8;
        Flips = new ulong[geometry.Input.Blocks];
        Bases = new short[_rows.Length * _columns.Length * geometry.OutChannels];
        Thresholds = HasRules ? new ulong[checked(_rows.Length * geometry.Input.Blocks * Planes * Pitch)] : [];
        for (var row = 0; row < _rows.Length; row++)
        {
            for (var column = 0; column < _columns.Length; column++)
            {
                Prepare(rules, row, column);
            }
        }

        for (var channel = 0; channel < rules.Length; channel++)
        {
            Flips[channel / BitShape.BlockChannels] |= rules[channel].AtLeast ? 1UL << channel : 0;
        }
    }

    /// <summary>The sizes.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>Whether bits can be asked for.</summary>
    public bool HasRules { get; }

    /// <summary>The weights, <c>[block][ky][kx]</c>.</summary>
    public ulong[] Weights { get; }

    /// <summary>Binary digits of a count of mismatches and of a threshold that none reaches.</summary>
    public int Planes { get; }

    /// <summary>Words of a row of <see cref="Thresholds"/>: the pixels, rounded up to whole vectors.</summary>
    public int Pitch { get; }

    /// <summary>The class of each row of the output.</summary>
    public int[] RowClass { get; }

    /// <summary>The class of each column of the output.</summary>
    public int[] ColumnClass { get; }

    /// <summary>Classes of columns.</summary>
    public int ColumnClasses => _columns.Length;

    /// <summary>Thresholds as digits, <c>[row class][block][digit][x]</c>: the bit of a channel is 1 from this count of mismatches on.</summary>
    public ulong[] Thresholds { get; }

    /// <summary>A bit per channel, <c>[block]</c>: whether the comparison is turned round.</summary>
    public ulong[] Flips { get; }

    /// <summary>The sum without mismatches, <c>[row class][column class][channel]</c>.</summary>
    public short[] Bases { get; }

    private static (Taps[] Classes, int[] ClassOf) Classes(ConvolutionGeometry geometry, int outputs, int inputs)
    {
        var all = Enumerable.Range(0, outputs).Select(output => Taps.Of(geometry, output, inputs)).ToArray();
        Taps[] classes = [.. all.Distinct()];
        return (classes, Array.ConvertAll(all, taps => Array.IndexOf(classes, taps)));
    }

    private void Prepare(ReadOnlySpan<BitRule> rules, int row, int column)
    {
        var (kernel, blocks, channels) = (Geometry.Kernel, Geometry.Input.Blocks, Geometry.OutChannels);
        var (rows, columns) = (_rows[row], _columns[column]);
        var inside = rows.Count * columns.Count;
        for (var channel = 0; channel < channels; channel++)
        {
            var outside = 0; // mismatches that are none
            for (var ky = 0; ky < kernel; ky++)
            {
                for (var kx = 0; kx < kernel; kx++)
                {
                    var isInside = ky >= rows.First && ky < rows.End && kx >= columns.First && kx < columns.End;
                    outside += isInside ? 0 : (int)(Weights[((((channel / BitShape.BlockChannels) * kernel) + ky) * kernel) + kx] >> channel) & 1;
                }
            }

            Bases[(((row * _columns.Length) + column) * channels) + channel] = checked((short)(inside + (2 * outside)));
            if (HasRules)
            {
                // sum < t  <=>  2 * mismatches > inside - t
                var least = Math.Clamp((((long)inside - rules[channel].Threshold) >> 1) + 1, 0, inside + 1) + outside;
                Spread((ulong)least, row, column, channel / BitShape.BlockChannels, 1UL << channel);
            }
        }

        // A channel that is not there counts no mismatch: a threshold of 1 leaves its bit 0.
        if (HasRules)
        {
            Spread(1, row, column, blocks - 1, ~Geometry.Input.TailMask);
        }
    }

    private void Spread(ulong threshold, int row, int column, int block, ulong bits)
    {
        for (var digit = 0; digit < Planes; digit++)
        {
            var start = ((((row * Geometry.Input.Blocks) + block) * Planes) + digit) * Pitch;
            for (var x = 0; x < ColumnClass.Length; x++)
            {
                if (ColumnClass[x] == column && ((threshold >> digit) & 1) != 0)
                {
                    Thresholds[start + x] |= bits;
                }
            }
        }
    }
}
