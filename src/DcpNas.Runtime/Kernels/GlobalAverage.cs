using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>The mean of each channel over all pixels: the sum in the order of the pixels, divided by their number. The same floats on every instruction set.</summary>
internal static unsafe class GlobalAverage
{
    /// <summary>Computes the means.</summary>
    /// <param name="input">The map, <c>[pixel][channel]</c>.</param>
    /// <param name="output">Receives one mean per channel.</param>
    /// <param name="pixels">Pixels, at least 1.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="set">The instructions to use; this processor must have them.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(ReadOnlySpan<float> input, Span<float> output, int pixels, int channels, InstructionSet set)
    {
        Bounds.AtLeast(pixels, 1);
        Bounds.AtLeast(input.Length, (long)pixels * channels);
        Bounds.AtLeast(output.Length, channels);
        fixed (float* source = input, target = output)
        {
            ChannelLoop.Run(set, channels, new Step(source, target, pixels, channels));
        }
    }

    private readonly struct Step(float* input, float* output, int pixels, int channels) : IChannelStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var sum = TLanes.Create(0);
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                sum = TLanes.Add(sum, TLanes.Load(input + ((long)pixel * channels) + channel));
            }

            TLanes.Store(TLanes.Divide(sum, TLanes.Create(pixels)), output + channel);
        }
    }
}
