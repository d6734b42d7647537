namespace DcpNas.Runtime.Model;

/// <summary>Where the taps of a square filter lie.</summary>
/// <remarks>
/// Output pixel <c>(y, x)</c> reads the input pixels <c>(y * Stride - Padding + Offset + ky * Dilation, x * Stride - Padding + Offset + kx * Dilation)</c>;
/// a tap outside of the image contributes nothing. The output has <c>floor((size - Offset + 2 * Padding - Dilation * (Kernel - 1) - 1) / Stride) + 1</c> rows and columns.
/// </remarks>
/// <param name="Kernel">Side of the filter in pixels, 1 to 15.</param>
/// <param name="Stride">Step between filter positions in pixels, 1 to 64.</param>
/// <param name="Padding">Pixels by which the filter may leave the image on each side, 0 to 64.</param>
/// <param name="Dilation">Distance of the taps in pixels, 1 to 64.</param>
/// <param name="Offset">Rows and columns dropped from the top and the left of the input, 0 to 64. With a padding too, windows start inside of the image and still reach beyond its far border.</param>
public readonly record struct ConvolutionGeometry(int Kernel, int Stride = 1, int Padding = 0, int Dilation = 1, int Offset = 0)
{
    /// <summary>A 1x1 filter.</summary>
    public static ConvolutionGeometry Pointwise { get; } = new(1);

    /// <summary>A filter whose output is as large as its input at stride 1; <paramref name="kernel"/> is odd.</summary>
    public static ConvolutionGeometry Same(int kernel, int stride = 1, int dilation = 1) => new(kernel, stride, dilation * (kernel - 1) / 2, dilation);

    /// <summary>This filter at stride 2 from the pixel (<paramref name="start"/>, <paramref name="start"/>) on, where each side of the output is half of that of the input, rounded up: windows reach beyond the far border for it.</summary>
    /// <param name="kernel">Side of the filter in pixels, 1 or 2.</param>
    /// <param name="start">The first pixel, 0 or 1; with the kernel at most 2.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    public static ConvolutionGeometry Halving(int kernel, int start, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel + start, 2);
        var beyond = (height | width) % 2; // of two even sides nothing lies beyond
        return new ConvolutionGeometry(kernel, Stride: 2, Padding: beyond, Offset: start + beyond);
    }

    /// <summary>Taps of the filter.</summary>
    public int Taps => Kernel * Kernel;

    /// <summary>The input row or column that tap 0 of output row or column <paramref name="output"/> reads; it may lie outside of the image.</summary>
    internal int FirstTap(int output) => (output * Stride) - Padding + Offset;

    /// <summary>The shape of the output.</summary>
    /// <exception cref="ModelFaultException">A number is out of range or the filter is larger than the padded image.</exception>
    internal ValueShape Apply(string place, ValueShape input, ValueKind kind, int channels, int sumBound = 0)
    {
        NodeCheck.Range(place, "kernel", Kernel, 1, ModelLimits.Kernel);
        NodeCheck.Range(place, "stride", Stride, 1, ModelLimits.Step);
        NodeCheck.Range(place, "dilation", Dilation, 1, ModelLimits.Step);
        NodeCheck.Range(place, "padding", Padding, 0, ModelLimits.Step);
        NodeCheck.Range(place, "offset", Offset, 0, ModelLimits.Step);
        return NodeCheck.Shape(place, new ValueShape(kind, Side(place, input.Height), Side(place, input.Width), channels, sumBound));
    }

    private int Side(string place, int size)
    {
        var span = (Dilation * (Kernel - 1)) + 1;
        var room = size - Offset + (2 * Padding) - span;
        return room >= 0 ? (room / Stride) + 1 : throw new ModelFaultException(place, $"an input of at least {span - (2 * Padding) + Offset} pixels a side", $"{size}");
    }
}
