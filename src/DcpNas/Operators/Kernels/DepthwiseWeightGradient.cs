namespace DcpNas.Operators.Kernels;

/// <summary>Adds one sample's part of the weight gradient of a depthwise convolution.</summary>
/// <remarks>The taps of a kernel row are summed in registers over a whole row of the image; a kernel of up to five columns at once.</remarks>
internal static unsafe class DepthwiseWeightGradient
{
    /// <param name="image">The input.</param>
    /// <param name="gradient">The output gradient on the grid of the input (spread by the stride).</param>
    /// <param name="sums"><c>[k, k, padded C]</c>, added to.</param>
    /// <param name="s">Sizes.</param>
    public static void Add<TLanes>(in PaddedImage image, in PaddedImage gradient, float* sums, in DepthwiseShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var kh = 0; kh < s.Kernel; kh++)
        {
            for (var row = 0; row < s.OutputHeight; row++)
            {
                var source = (row * s.Stride) - s.Padding + (kh * s.Dilation);
                if (source < 0 || source >= s.Height)
                {
                    continue;
                }

                var g = gradient.At(row * s.Stride, s.Padding);
                var x = image.At(source, 0);
                var sum = sums + (kh * s.Kernel * s.Padded);
                for (var c = 0; c < s.Padded; c += TLanes.Count)
                {
                    var kw = 0;
                    for (; kw + 5 <= s.Kernel; kw += 5)
                    {
                        Five<TLanes>(g + c, x + c + (kw * s.Dilation * s.Padded), sum + c + (kw * s.Padded), s);
                    }

                    for (; kw + 3 <= s.Kernel; kw += 3)
                    {
                        Three<TLanes>(g + c, x + c + (kw * s.Dilation * s.Padded), sum + c + (kw * s.Padded), s);
                    }

                    for (; kw < s.Kernel; kw++)
                    {
                        One<TLanes>(g + c, x + c + (kw * s.Dilation * s.Padded), sum + c + (kw * s.Padded), s);
                    }
                }
            }
        }
    }

    private static void Five<TLanes>(float* g, float* x, float* sum, in DepthwiseShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        var padded = s.Padded;
        var step = s.Stride * padded;
        var across = s.Dilation * padded;
        var a0 = TLanes.Load(sum);
        var a1 = TLanes.Load(sum + padded);
        var a2 = TLanes.Load(sum + (2 * padded));
        var a3 = TLanes.Load(sum + (3 * padded));
        var a4 = TLanes.Load(sum + (4 * padded));
        var b0 = TLanes.Zero;
        var b1 = b0;
        var b2 = b0;
        var b3 = b0;
        var b4 = b0;
        var pixels = s.OutputWidth;
        for (; pixels >= 2; pixels -= 2)
        {
            var value = TLanes.Load(g);
            a0 = TLanes.FusedMultiplyAdd(TLanes.Load(x), value, a0);
            a1 = TLanes.FusedMultiplyAdd(TLanes.Load(x + across), value, a1);
            a2 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (2 * across)), value, a2);
            a3 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (3 * across)), value, a3);
            a4 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (4 * across)), value, a4);
            value = TLanes.Load(g + step);
            x += step;
            b0 = TLanes.FusedMultiplyAdd(TLanes.Load(x), value, b0);
            b1 = TLanes.FusedMultiplyAdd(TLanes.Load(x + across), value, b1);
            b2 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (2 * across)), value, b2);
            b3 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (3 * across)), value, b3);
            b4 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (4 * across)), value, b4);
            x += step;
            g += 2 * step;
        }

        if (pixels != 0)
        {
            var value = TLanes.Load(g);
            a0 = TLanes.FusedMultiplyAdd(TLanes.Load(x), value, a0);
            a1 = TLanes.FusedMultiplyAdd(TLanes.Load(x + across), value, a1);
            a2 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (2 * across)), value, a2);
            a3 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (3 * across)), value, a3);
            a4 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (4 * across)), value, a4);
        }

        (a0 + b0).Store(sum);
        (a1 + b1).Store(sum + padded);
        (a2 + b2).Store(sum + (2 * padded));
        (a3 + b3).Store(sum + (3 * padded));
        (a4 + b4).Store(sum + (4 * padded));
    }

    private static void Three<TLanes>(float* g, float* x, float* sum, in DepthwiseShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        var padded = s.Padded;
        var step = s.Stride * padded;
        var across = s.Dilation * padded;
        var a0 = TLanes.Load(sum);
        var a1 = TLanes.Load(sum + padded);
        var a2 = TLanes.Load(sum + (2 * padded));
        var b0 = TLanes.Zero;
        var b1 = b0;
        var b2 = b0;
        var pixels = s.OutputWidth;
        for (; pixels >= 2; pixels -= 2)
        {
            var value = TLanes.Load(g);
            a0 = TLanes.FusedMultiplyAdd(TLanes.Load(x), value, a0);
            a1 = TLanes.FusedMultiplyAdd(TLanes.Load(x + across), value, a1);
            a2 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (2 * across)), value, a2);
            value = TLanes.Load(g + step);
            x += step;
            b0 = TLanes.FusedMultiplyAdd(TLanes.Load(x), value, b0);
            b1 = TLanes.FusedMultiplyAdd(TLanes.Load(x + across), value, b1);
            b2 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (2 * across)), value, b2);
            x += step;
            g += 2 * step;
        }

        if (pixels != 0)
        {
            var value = TLanes.Load(g);
            a0 = TLanes.FusedMultiplyAdd(TLanes.Load(x), value, a0);
            a1 = TLanes.FusedMultiplyAdd(TLanes.Load(x + across), value, a1);
            a2 = TLanes.FusedMultiplyAdd(TLanes.Load(x + (2 * across)), value, a2);
        }

        (a0 + b0).Store(sum);
        (a1 + b1).Store(sum + padded);
        (a2 + b2).Store(sum + (2 * padded));
    }

    private static void One<TLanes>(float* g, float* x, float* sum, in DepthwiseShape s)
        where TLanes : struct, ILanes<TLanes>
    {
        var step = s.Stride * s.Padded;
        var total = TLanes.Load(sum);
        for (var pixel = 0; pixel < s.OutputWidth; pixel++)
        {
            total = TLanes.FusedMultiplyAdd(TLanes.Load(x), TLanes.Load(g), total);
            x += step;
            g += step;
        }

        total.Store(sum);
    }
}
