using System.Runtime.Intrinsics;

namespace DcpNas.Operators.Kernels;

/// <summary>Adds one sample's part of the weight gradient of a depthwise convolution.</summary>
/// <remarks>The taps of a kernel row are summed in registers over a whole row of the image; a kernel of up to five columns at once.</remarks>
internal static unsafe class DepthwiseWeightGradient
{
    /// <param name="image">The input.</param>
    /// <param name="gradient">The output gradient on the grid of the input (spread by the stride).</param>
    /// <param name="sums"><c>[k, k, padded C]</c>, added to.</param>
    /// <param name="s">Sizes.</param>
    public static void Add(in PaddedImage image, in PaddedImage gradient, float* sums, in DepthwiseShape s)
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
                for (var c = 0; c < s.Padded; c += Chunks.Lanes)
                {
                    var kw = 0;
                    for (; kw + 5 <= s.Kernel; kw += 5)
                    {
                        Five(g + c, x + c + (kw * s.Dilation * s.Padded), sum + c + (kw * s.Padded), s);
                    }

                    for (; kw + 3 <= s.Kernel; kw += 3)
                    {
                        Three(g + c, x + c + (kw * s.Dilation * s.Padded), sum + c + (kw * s.Padded), s);
                    }

                    for (; kw < s.Kernel; kw++)
                    {
                        One(g + c, x + c + (kw * s.Dilation * s.Padded), sum + c + (kw * s.Padded), s);
                    }
                }
            }
        }
    }

    private static void Five(float* g, float* x, float* sum, in DepthwiseShape s)
    {
        var padded = s.Padded;
        var step = s.Stride * padded;
        var across = s.Dilation * padded;
        var a0 = Vector512.Load(sum);
        var a1 = Vector512.Load(sum + padded);
        var a2 = Vector512.Load(sum + (2 * padded));
        var a3 = Vector512.Load(sum + (3 * padded));
        var a4 = Vector512.Load(sum + (4 * padded));
        var b0 = Vector512<float>.Zero;
        var b1 = b0;
        var b2 = b0;
        var b3 = b0;
        var b4 = b0;
        var pixels = s.OutputWidth;
        for (; pixels >= 2; pixels -= 2)
        {
            var value = Vector512.Load(g);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Load(x), value, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + across), value, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (2 * across)), value, a2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (3 * across)), value, a3);
            a4 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (4 * across)), value, a4);
            value = Vector512.Load(g + step);
            x += step;
            b0 = Vector512.FusedMultiplyAdd(Vector512.Load(x), value, b0);
            b1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + across), value, b1);
            b2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (2 * across)), value, b2);
            b3 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (3 * across)), value, b3);
            b4 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (4 * across)), value, b4);
            x += step;
            g += 2 * step;
        }

        if (pixels != 0)
        {
            var value = Vector512.Load(g);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Load(x), value, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + across), value, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (2 * across)), value, a2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (3 * across)), value, a3);
            a4 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (4 * across)), value, a4);
        }

        (a0 + b0).Store(sum);
        (a1 + b1).Store(sum + padded);
        (a2 + b2).Store(sum + (2 * padded));
        (a3 + b3).Store(sum + (3 * padded));
        (a4 + b4).Store(sum + (4 * padded));
    }

    private static void Three(float* g, float* x, float* sum, in DepthwiseShape s)
    {
        var padded = s.Padded;
        var step = s.Stride * padded;
        var across = s.Dilation * padded;
        var a0 = Vector512.Load(sum);
        var a1 = Vector512.Load(sum + padded);
        var a2 = Vector512.Load(sum + (2 * padded));
        var b0 = Vector512<float>.Zero;
        var b1 = b0;
        var b2 = b0;
        var pixels = s.OutputWidth;
        for (; pixels >= 2; pixels -= 2)
        {
            var value = Vector512.Load(g);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Load(x), value, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + across), value, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (2 * across)), value, a2);
            value = Vector512.Load(g + step);
            x += step;
            b0 = Vector512.FusedMultiplyAdd(Vector512.Load(x), value, b0);
            b1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + across), value, b1);
            b2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (2 * across)), value, b2);
            x += step;
            g += 2 * step;
        }

        if (pixels != 0)
        {
            var value = Vector512.Load(g);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Load(x), value, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + across), value, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + (2 * across)), value, a2);
        }

        (a0 + b0).Store(sum);
        (a1 + b1).Store(sum + padded);
        (a2 + b2).Store(sum + (2 * padded));
    }

    private static void One(float* g, float* x, float* sum, in DepthwiseShape s)
    {
        var step = s.Stride * s.Padded;
        var total = Vector512.Load(sum);
        for (var pixel = 0; pixel < s.OutputWidth; pixel++)
        {
            total = Vector512.FusedMultiplyAdd(Vector512.Load(x), Vector512.Load(g), total);
            x += step;
            g += step;
        }

        total.Store(sum);
    }
}
