namespace DcpNas.Operators.Kernels;

/// <summary>What is done with a run of neighbouring floats that share their taps.</summary>
internal interface IWindowRun
{
    /// <param name="taps">Partners of each float, relative to <paramref name="source"/>.</param>
    /// <param name="source">Offset into the image that is read.</param>
    /// <param name="target">Offset into the image that is written.</param>
    /// <param name="length">Floats.</param>
    void Run(in WindowTaps taps, long source, long target, int length);
}

/// <summary>Walks one sample row by row; with stride 1 everything between the border columns is one long run.</summary>
internal static class WindowSweep
{
    /// <summary>From an input sample to an output sample.</summary>
    public static void Outputs<T>(ref T run, in WindowShape s, long sourceStart, long targetStart)
        where T : struct, IWindowRun
    {
        var lastInner = (s.Width - 2) / s.Stride;
        for (var row = 0; row < s.OutputHeight; row++)
        {
            var target = targetStart + ((long)row * s.OutputWidth * s.Channels);
            run.Run(WindowTaps.OfOutput(s, row, 0), sourceStart, target, s.Channels);
            if (lastInner >= 1 && s.Width >= 2)
            {
                Inner(ref run, WindowTaps.OfOutput(s, row, 1), sourceStart, target, 1, lastInner, s.Stride, s.Channels);
            }

            var last = s.OutputWidth - 1;
            if (last > 0 && last > lastInner)
            {
                run.Run(WindowTaps.OfOutput(s, row, last), sourceStart + ((long)last * s.Stride * s.Channels), target + ((long)last * s.Channels), s.Channels);
            }
        }
    }

    /// <summary>From an output sample back to an input sample.</summary>
    public static void Inputs<T>(ref T run, in WindowShape s, long sourceStart, long targetStart)
        where T : struct, IWindowRun
    {
        for (var row = 0; row < s.Height; row++)
        {
            var target = targetStart + ((long)row * s.Width * s.Channels);
            var first = WindowTaps.OfInput(s, row, 0);
            var last = WindowTaps.OfInput(s, row, s.Width - 1);
            run.Run(first, sourceStart, target, s.Channels);
            if (s.Stride == 1)
            {
                if (s.Width > 2)
                {
                    Inner(ref run, WindowTaps.OfInput(s, row, 1), sourceStart, target, 1, s.Width - 2, 1, s.Channels);
                }
            }
            else
            {
                var odd = WindowTaps.OfInput(s, row, Math.Min(1, s.Width - 1));
                for (var column = 1; column < s.Width - 1; column++)
                {
                    run.Run(column % 2 == 0 ? first : odd, sourceStart + ((long)(column / 2) * s.Channels), target + ((long)column * s.Channels), s.Channels);
                }
            }

            if (s.Width > 1)
            {
                run.Run(last, sourceStart + ((long)((s.Width - 1) / s.Stride) * s.Channels), target + ((long)(s.Width - 1) * s.Channels), s.Channels);
            }
        }
    }

    private static void Inner<T>(ref T run, in WindowTaps taps, long source, long target, int first, int last, int stride, int channels)
        where T : struct, IWindowRun
    {
        if (stride == 1)
        {
            run.Run(taps, source + ((long)first * channels), target + ((long)first * channels), (last - first + 1) * channels);
            return;
        }

        for (var column = first; column <= last; column++)
        {
            run.Run(taps, source + ((long)column * stride * channels), target + ((long)column * channels), channels);
        }
    }
}
