namespace DcpNas.Operators.Kernels;

/// <summary>The partners of one pixel under a 3x3 window with padding 1: which addresses to combine, and by which tap.</summary>
/// <remarks>Offsets are in floats from the pixel's own column in row 0 of the other image, so that neighbouring pixels share a list.</remarks>
internal unsafe struct WindowTaps
{
    public int Count;
    public fixed int Offset[9];
    public fixed int Tap[9];

    /// <summary>The input pixels of an output pixel, in the order of the window.</summary>
    public static WindowTaps OfOutput(in WindowShape s, int row, int column)
    {
        var taps = default(WindowTaps);
        for (var kh = 0; kh < 3; kh++)
        {
            var y = (row * s.Stride) - 1 + kh;
            for (var kw = 0; kw < 3; kw++)
            {
                var x = (column * s.Stride) - 1 + kw;
                if (y >= 0 && y < s.Height && x >= 0 && x < s.Width)
                {
                    taps.Add(((y * s.Width) + kw - 1) * s.Channels, (kh * 3) + kw);
                }
            }
        }

        return taps;
    }

    /// <summary>The output pixels whose windows hold an input pixel, in descending order of the tap.</summary>
    public static WindowTaps OfInput(in WindowShape s, int row, int column)
    {
        var taps = default(WindowTaps);
        for (var kh = 2; kh >= 0; kh--)
        {
            var y = row + 1 - kh;
            for (var kw = 2; kw >= 0; kw--)
            {
                var x = column + 1 - kw;
                if (y >= 0 && y % s.Stride == 0 && y / s.Stride < s.OutputHeight && x >= 0 && x % s.Stride == 0 && x / s.Stride < s.OutputWidth)
                {
                    taps.Add((((y / s.Stride) * s.OutputWidth) + (x / s.Stride) - (column / s.Stride)) * s.Channels, (kh * 3) + kw);
                }
            }
        }

        return taps;
    }

    private void Add(int offset, int tap)
    {
        Offset[Count] = offset;
        Tap[Count] = tap;
        Count++;
    }
}
