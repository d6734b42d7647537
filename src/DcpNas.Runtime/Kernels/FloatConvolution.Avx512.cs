using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <content>On AVX-512: four pixels times 64 or 32 channels at a time, so that each number that is loaded is used several times.</content>
internal sealed unsafe partial class FloatConvolution
{
    private const int Pixels = 4;

    private void Row(float* input, float* output, float* weights, float* bias, int y)
    {
        var (g, channels) = (Geometry, Geometry.OutChannels);
        var reach = g.Dilation * (g.Kernel - 1);
        var first = Math.Min(g.OutWidth, Math.Max(0, (g.Lead + g.Stride - 1) / g.Stride)); // the pixels whose taps all lie inside from left to right
        var room = g.Input.Width - 1 - reach + g.Lead;
        var end = room < 0 ? first : Math.Max(first, Math.Min(g.OutWidth, (room / g.Stride) + 1));
        end = first + ((end - first) / Pixels * Pixels);
        var channel = 0;
        for (; end > first && channel + 64 <= channels; channel += 64)
        {
            Tiles<Dense.FourVectors>(input, output, weights, bias, y, channel, first, end);
        }

        for (; end > first && channel + 32 <= channels; channel += 32)
        {
            Tiles<Dense.TwoVectors>(input, output, weights, bias, y, channel, first, end);
        }

        for (; end > first && channel + 16 <= channels; channel += 16)
        {
            Tiles<Dense.OneVector>(input, output, weights, bias, y, channel, first, end);
        }

        ChannelLoop.Run(Set, channels, new Step(g, input, output, weights, bias, y, 0, first));
        ChannelLoop.Run(Set, channels, new Step(g, input, output, weights, bias, y, end, g.OutWidth));
        ChannelLoop.Run(InstructionSet.Avx2, channels - channel, new Step(g, input, output, weights, bias, y, first, end, channel));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tiles<TVectors>(float* input, float* output, float* weights, float* bias, int y, int channel, int first, int end)
        where TVectors : struct, Dense.IVectorCount
    {
        var g = Geometry;
        var (kernel, inputs, outputs, width) = (g.Kernel, g.Input.Channels, g.OutChannels, g.Input.Width);
        var (stride, dilation) = ((nint)g.Stride * inputs, (nint)g.Dilation * inputs);
        var top = (y * g.Stride) - g.Lead;
        for (var x = first; x < end; x += Pixels)
        {
            var bias0 = Vector512.Load(bias + channel);
            var bias1 = TVectors.Count > 1 ? Vector512.Load(bias + channel + 16) : default;
            var bias2 = TVectors.Count > 2 ? Vector512.Load(bias + channel + 32) : default;
            var bias3 = TVectors.Count > 2 ? Vector512.Load(bias + channel + 48) : default;
            var (a0, b0, c0, d0) = (bias0, bias0, bias0, bias0);
            var (a1, b1, c1, d1) = (bias1, bias1, bias1, bias1);
            var (a2, b2, c2, d2) = (bias2, bias2, bias2, bias2);
            var (a3, b3, c3, d3) = (bias3, bias3, bias3, bias3);
            for (var ky = 0; ky < kernel; ky++)
            {
                var inY = top + (ky * g.Dilation);
                if (inY < 0 || inY >= g.Input.Height)
                {
                    continue;
                }

                var pixel = input + (((((nint)inY * width) + (x * g.Stride)) - g.Lead) * inputs);
                var weight = weights + ((nint)ky * kernel * inputs * outputs) + channel;
                for (var kx = 0; kx < kernel; kx++, pixel += dilation)
                {
                    for (var index = 0; index < inputs; index++, weight += outputs)
                    {
                        var (a, b) = (Vector512.Create(pixel[index]), Vector512.Create(pixel[index + stride]));
                        var (c, d) = (Vector512.Create(pixel[index + (2 * stride)]), Vector512.Create(pixel[index + (3 * stride)]));
                        var factor = Vector512.Load(weight);
                        a0 += a * factor;
                        b0 += b * factor;
                        c0 += c * factor;
                        d0 += d * factor;
                        if (TVectors.Count > 1)
                        {
                            factor = Vector512.Load(weight + 16);
                            a1 += a * factor;
                            b1 += b * factor;
                            c1 += c * factor;
                            d1 += d * factor;
                        }

                        if (TVectors.Count > 2)
                        {
                            factor = Vector512.Load(weight + 32);
                            a2 += a * factor;
                            b2 += b * factor;
                            c2 += c * factor;
                            d2 += d * factor;
                            factor = Vector512.Load(weight + 48);
                            a3 += a * factor;
                            b3 += b * factor;
                            c3 += c * factor;
                            d3 += d * factor;
                        }
                    }
                }
            }

            var target = output + ((nint)x * outputs) + channel;
            Store<TVectors>(a0, a1, a2, a3, target);
            Store<TVectors>(b0, b1, b2, b3, target + outputs);
            Store<TVectors>(c0, c1, c2, c3, target + (2 * outputs));
            Store<TVectors>(d0, d1, d2, d3, target + (3 * outputs));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3, float* target)
        where TVectors : struct, Dense.IVectorCount
    {
        v0.Store(target);
        if (TVectors.Count > 1)
        {
            v1.Store(target + 16);
        }

        if (TVectors.Count > 2)
        {
            v2.Store(target + 32);
            v3.Store(target + 48);
        }
    }
}
