using DcpNas.Runtime.Model;

namespace DcpNas.Embedded;

/// <summary>How often a step of the generated code goes through each of its loops: what an <see cref="InstructionTable"/> turns into instructions. The units are named after the files of C.</summary>
internal sealed class CWork
{
    private const int BlockWords = 8;
    private const int FullBlock = 7; // from so many words on, differences.c adds a block in carry-save form

    private readonly SortedDictionary<string, long> _units = new(StringComparer.Ordinal);

    /// <summary>Times by unit.</summary>
    public IReadOnlyDictionary<string, long> Units => _units;

    /// <summary>A step that calls a kernel once, with nothing else that repeats.</summary>
    public static CWork Of(string kernel, params ReadOnlySpan<(string Unit, long Times)> units)
    {
        var work = new CWork();
        work.Add($"{kernel}.call", 1);
        foreach (var (unit, times) in units)
        {
            work.Add($"{kernel}.{unit}", times);
        }

        return work;
    }

    /// <summary>Counts more of a unit.</summary>
    public void Add(string unit, long times)
    {
        if (times > 0)
        {
            _units[unit] = _units.GetValueOrDefault(unit) + times;
        }
    }

    /// <summary>The sums of a 1-bit convolution, pixel by pixel.</summary>
    public void AddBinary(ConvolutionGeometry geometry, ValueShape from, ValueShape to, bool depthwise, int planes, bool toSigns)
    {
        var words = CValue.WordsOf(from.Channels);
        foreach (var (rows, columns, pixels) in Windows(geometry, from, to))
        {
            if (depthwise && toSigns)
            {
                Add("binary_depthwise_signs.pixel", pixels);
                if (rows == geometry.Kernel && columns == geometry.Kernel)
                {
                    Add("binary_depthwise_signs.word", pixels * words);
                    Add("binary_depthwise_signs.row", pixels * words * rows);
                    Add("binary_depthwise_signs.tap", pixels * words * rows * columns);
                    Add("binary_depthwise_signs.plane", pixels * words * planes);
                    continue;
                }

                AddThreshold(pixels, to.Channels);
            }

            if (depthwise)
            {
                Add("binary_depthwise.pixel", pixels);
                Add("binary_depthwise.word", pixels * words);
                Add("binary_depthwise.row", pixels * words * rows);
                Add("binary_depthwise.tap", pixels * words * rows * columns);
                Add(rows * columns < 16 ? "binary_depthwise.small_sum" : "binary_depthwise.large_sum", pixels * to.Channels);
                continue;
            }

            Add("binary_dense.pixel", pixels);
            Add("binary_dense.row", pixels * rows);
            Add("binary_dense.tap", pixels * rows * columns);
            Add("binary_dense.tap_word", pixels * rows * columns * words);
            var isWhole = columns == geometry.Kernel;
            Add(isWhole ? "binary_dense.sum" : "binary_dense.border_sum", pixels * to.Channels);
            AddDifferences(isWhole ? (long)rows * columns * words : (long)columns * words, pixels * to.Channels * (isWhole ? 1 : rows));
        }

        if (toSigns && !depthwise)
        {
            AddThreshold((long)to.Height * to.Width, to.Channels);
        }
    }

    /// <summary>An affine step, of sums or of numbers.</summary>
    public void AddAffine(string kernel, long pixels, int channels, bool shortcut, bool shifted, bool slope, bool offset)
    {
        Add($"{kernel}.pixel", pixels);
        Add($"{kernel}.number", pixels * channels);
        Add($"{kernel}.shortcut", shortcut ? pixels * channels : 0);
        Add($"{kernel}.shifted", shifted ? pixels * channels : 0);
        Add($"{kernel}.slope", slope ? pixels * channels : 0);
        Add($"{kernel}.offset", offset ? pixels * channels : 0);
    }

    /// <summary>A convolution of numbers.</summary>
    public void AddConvolution(string kernel, ConvolutionGeometry geometry, ValueShape from, ValueShape to, bool depthwise, bool wide)
    {
        Add($"{kernel}.call", 1);
        var block = wide ? 2 : 4;
        foreach (var (rows, columns, pixels) in Windows(geometry, from, to))
        {
            Add($"{kernel}.pixel", pixels);
            Add($"{kernel}.number", pixels * to.Channels);
            if (depthwise)
            {
                Add($"{kernel}.row", pixels * to.Channels * rows);
                Add($"{kernel}.product", pixels * to.Channels * rows * columns);
                continue;
            }

            var (dots, length) = geometry.Dilation == 1 ? (rows, columns * from.Channels) : (rows * columns, from.Channels);
            Add($"{kernel}.dot", pixels * to.Channels * dots);
            Add($"{kernel}.block", pixels * to.Channels * dots * (length / block));
            Add($"{kernel}.rest", pixels * to.Channels * dots * (length % block));
        }
    }

    /// <summary>A convolution of numbers by 1-bit weights.</summary>
    public void AddSignWeights(ConvolutionGeometry geometry, ValueShape from, ValueShape to, bool depthwise)
    {
        var kernel = depthwise ? "sign_weights_depthwise" : "sign_weights";
        Add($"{kernel}.call", 1);
        foreach (var (rows, columns, pixels) in Windows(geometry, from, to))
        {
            Add($"{kernel}.pixel", pixels);
            Add($"{kernel}.number", pixels * to.Channels);
            Add($"{kernel}.tap", pixels * to.Channels * rows * columns);
            Add($"{kernel}.product", depthwise ? 0 : pixels * to.Channels * rows * columns * from.Channels);
        }
    }

    /// <summary>A pool.</summary>
    public void AddPool(string kernel, ConvolutionGeometry geometry, ValueShape from, ValueShape to)
    {
        Add($"{kernel}.call", 1);
        foreach (var (rows, columns, pixels) in Windows(geometry, from, to))
        {
            Add($"{kernel}.pixel", pixels);
            Add($"{kernel}.number", pixels * to.Channels);
            Add($"{kernel}.row", pixels * to.Channels * rows);
            Add($"{kernel}.tap", pixels * to.Channels * rows * columns);
        }
    }

    private void AddThreshold(long pixels, int channels)
    {
        Add("threshold.pixel", pixels);
        Add("threshold.word", pixels * CValue.WordsOf(channels));
        Add("threshold.bit", pixels * channels);
    }

    private void AddDifferences(long words, long times)
    {
        Add("differences.call", times);
        var (blocks, rest) = (0L, words);
        while (rest >= FullBlock)
        {
            blocks++;
            rest = Math.Max(0, rest - BlockWords);
        }

        Add("differences.word", times * words);
        Add("differences.sum", blocks > 0 ? times : 0);
        Add("differences.block", times * blocks);
        Add("differences.rest", times * rest);
    }

    /// <summary>Pixels by the rows and columns of their window that lie in the image.</summary>
    private static IEnumerable<(int Rows, int Columns, long Pixels)> Windows(ConvolutionGeometry geometry, ValueShape from, ValueShape to)
    {
        var columns = Taps(from.Width, to.Width).CountBy(taps => taps).ToArray();
        return Taps(from.Height, to.Height).CountBy(taps => taps).SelectMany(rows => columns.Select(column => (rows.Key, column.Key, (long)rows.Value * column.Value)));

        IEnumerable<int> Taps(int size, int count) => Enumerable.Range(0, count).Select(place =>
        {
            var first = (place * geometry.Stride) + geometry.Offset - geometry.Padding;
            return Enumerable.Range(0, geometry.Kernel).Count(tap => first + (tap * geometry.Dilation) is var at && at >= 0 && at < size);
        });
    }
}
