namespace DcpNas.Runtime.Kernels;

/// <summary>The taps <c>First .. End - 1</c> of a kernel's side that lie inside of the map.</summary>
internal readonly record struct Taps(int First, int End)
{
    /// <summary>How many.</summary>
    public int Count => End - First;

    /// <summary>The taps of an output coordinate.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="output">Row or column of the output.</param>
    /// <param name="size">Rows or columns of the input.</param>
    public static Taps Of(ConvolutionGeometry geometry, int output, int size)
    {
        var origin = ((long)output * geometry.Stride) - geometry.Lead; // of tap 0
        var first = origin >= 0 ? 0 : Math.Min(geometry.Kernel, (-origin + geometry.Dilation - 1) / geometry.Dilation);
        var end = origin >= size ? 0 : Math.Min(geometry.Kernel, ((size - 1 - origin) / geometry.Dilation) + 1);
        return new((int)first, (int)Math.Max(first, end));
    }
}
