namespace DcpNas.Runtime.Kernels;

/// <summary>Where the windows of a pool lie; pixels outside of the map count as not there.</summary>
internal sealed class PoolWindows
{
    /// <summary>Checks the sizes.</summary>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Pixels of a row of the input.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Pixels between windows.</param>
    /// <param name="padding">Pixels that windows may stand out of the map, at most half of the window, so that none is empty.</param>
    /// <param name="shift">Pixels cut off at the top and the left before anything else.</param>
    /// <exception cref="ArgumentException">A size is out of its range.</exception>
    public PoolWindows(int height, int width, int channels, int kernel, int stride, int padding, int shift)
    {
        // The same sizes as those of a depthwise convolution, but for the bound of the padding.
        var geometry = new ConvolutionGeometry { Input = new(height, width, channels), OutChannels = channels, Kernel = kernel, Stride = stride, Padding = padding, Shift = shift, Depthwise = true };
        geometry.Check();
        if (padding > kernel / 2)
        {
            throw new ArgumentException($"padding must be at most {kernel / 2}, got {padding}.");
        }

        (Height, Width, Channels, Kernel, Stride, Lead) = (height, width, channels, kernel, stride, geometry.Lead);
        (OutHeight, OutWidth) = (geometry.OutHeight, geometry.OutWidth);
        InsideFrom = Math.Clamp((Lead + stride - 1) / stride, 0, OutWidth);
        var last = width + Lead - kernel;
        InsideTo = last < 0 ? InsideFrom : Math.Max(InsideFrom, Math.Min(OutWidth, (last / stride) + 1));
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public int Kernel { get; }

    public int Stride { get; }

    /// <summary>Pixels that the first window stands out of the map; below 0 it starts inside.</summary>
    public int Lead { get; }

    public int OutHeight { get; }

    public int OutWidth { get; }

    /// <summary>The first window of a row that lies inside of the map from left to right.</summary>
    public int InsideFrom { get; }

    /// <summary>The first window behind those that lie inside.</summary>
    public int InsideTo { get; }

    /// <summary>The rows of the map that a row of windows covers.</summary>
    /// <param name="row">Of the output.</param>
    public (int First, int Count) Rows(int row) => Covered(row, Height);

    /// <summary>The columns of the map that a window covers.</summary>
    /// <param name="x">Of the output.</param>
    public (int First, int Count) Columns(int x) => Covered(x, Width);

    /// <summary>Checks what a run is given.</summary>
    /// <exception cref="ArgumentException">A length is too short or a row is outside.</exception>
    public void Check(int input, int output, int firstRow, int rowCount)
    {
        Bounds.Rows(firstRow, rowCount, OutHeight);
        Bounds.AtLeast(input, (long)Height * Width * Channels);
        Bounds.AtLeast(output, (long)rowCount * OutWidth * Channels);
    }

    private (int First, int Count) Covered(int place, int size)
    {
        var start = (place * Stride) - Lead;
        var first = Math.Max(start, 0);
        return (first, Math.Min(start + Kernel, size) - first);
    }
}
