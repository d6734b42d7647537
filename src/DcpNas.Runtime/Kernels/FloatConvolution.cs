using System.Runtime.CompilerServices;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>A real-valued convolution (a stem): <c>output = bias + Σ weight · input</c> on floats <c>[y][x][channel]</c>, taps outside of the map left out.</summary>
/// <remarks>Products are added in the order ky, kx, input channel, each rounded by itself; every instruction set gives the same floats.</remarks>
internal sealed unsafe partial class FloatConvolution
{
    private readonly float[] _weights; // [ky][kx][inChannel][outChannel]
    private readonly float[] _bias;

    /// <summary>Prepares the layer.</summary>
    /// <param name="geometry">Its sizes; not depthwise.</param>
    /// <param name="weights">The weights, <c>[outChannel][ky][kx][inChannel]</c>.</param>
    /// <param name="bias">One value per output channel, or empty for zeros.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    /// <exception cref="ArgumentException">A size or length does not fit.</exception>
    public FloatConvolution(ConvolutionGeometry geometry, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, InstructionSet? set = null)
    {
        geometry.Check();
        if (geometry.Depthwise)
        {
            throw new ArgumentException("Depthwise must be False, got True.");
        }

        Bounds.Exactly(weights.Length, (long)geometry.Terms * geometry.OutChannels);
        Bounds.Exactly(bias.Length, bias.IsEmpty ? 0 : geometry.OutChannels);
        (Geometry, Set) = (geometry, InstructionSets.Choose(set));
        _bias = bias.IsEmpty ? new float[geometry.OutChannels] : bias.ToArray();
        _weights = new float[weights.Length];
        for (var output = 0; output < geometry.OutChannels; output++)
        {
            for (var term = 0; term < geometry.Terms; term++)
            {
                _weights[(term * geometry.OutChannels) + output] = weights[(output * geometry.Terms) + term];
            }
        }
    }

    /// <summary>The sizes.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Computes some rows. Several threads may do so at once, each on its own rows.</summary>
    /// <param name="input">The whole map.</param>
    /// <param name="output">Receives <paramref name="rowCount"/> rows.</param>
    /// <param name="firstRow">The first row of the output.</param>
    /// <param name="rowCount">Rows.</param>
    /// <exception cref="ArgumentException">A span is too short or a row is outside.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int firstRow, int rowCount)
    {
        Bounds.Rows(firstRow, rowCount, Geometry.OutHeight);
        Bounds.AtLeast(input.Length, (long)Geometry.Input.Height * Geometry.Input.Width * Geometry.Input.Channels);
        Bounds.AtLeast(output.Length, (long)rowCount * Geometry.OutWidth * Geometry.OutChannels);
        fixed (float* source = input, target = output, weights = _weights, bias = _bias)
        {
            for (var row = 0; row < rowCount; row++)
            {
                if (Set == InstructionSet.Avx512)
                {
                    Row(source, target + ((long)row * Geometry.OutWidth * Geometry.OutChannels), weights, bias, firstRow + row);
                    continue;
                }

                ChannelLoop.Run(Set, Geometry.OutChannels, new Step(Geometry, source, target + ((long)row * Geometry.OutWidth * Geometry.OutChannels), weights, bias, firstRow + row, 0, Geometry.OutWidth));
            }
        }
    }

    private readonly struct Step(ConvolutionGeometry geometry, float* input, float* output, float* weights, float* bias, int y, int start, int end, int firstChannel = 0) : IChannelStep
    {
        private const int Together = 4;

        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            channel += firstChannel;
            var (stride, reach) = (geometry.Stride, geometry.Dilation * (geometry.Kernel - 1));
            var x = start;
            while (x < end)
            {
                var left = (x * stride) - geometry.Lead;
                if (x + Together <= end && left >= 0 && left + ((Together - 1) * stride) + reach < geometry.Input.Width)
                {
                    Four<TLanes, T>(channel, x, left);
                    x += Together;
                }
                else
                {
                    One<TLanes, T>(channel, x, left);
                    x++;
                }
            }
        }

        /// <summary>One pixel, some of whose taps may lie outside.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void One<TLanes, T>(int channel, int x, int left)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (inputs, outputs) = (geometry.Input.Channels, geometry.OutChannels);
            var sum = TLanes.Load(bias + channel);
            for (var ky = 0; ky < geometry.Kernel; ky++)
            {
                var inY = (y * geometry.Stride) + (ky * geometry.Dilation) - geometry.Lead;
                for (var kx = 0; kx < geometry.Kernel; kx++)
                {
                    var inX = left + (kx * geometry.Dilation);
                    if (inY < 0 || inY >= geometry.Input.Height || inX < 0 || inX >= geometry.Input.Width)
                    {
                        continue;
                    }

                    var pixel = input + ((((long)inY * geometry.Input.Width) + inX) * inputs);
                    var weight = weights + ((((long)ky * geometry.Kernel) + kx) * inputs * outputs) + channel;
                    for (var index = 0; index < inputs; index++, weight += outputs)
                    {
                        sum = TLanes.Add(sum, TLanes.Multiply(TLanes.Create(pixel[index]), TLanes.Load(weight)));
                    }
                }
            }

            TLanes.Store(sum, output + ((long)x * outputs) + channel);
        }

        /// <summary>Four pixels whose taps all lie inside from left to right; each weight is loaded once for them.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Four<TLanes, T>(int channel, int x, int left)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var (inputs, outputs) = (geometry.Input.Channels, geometry.OutChannels);
            var step = (long)geometry.Stride * inputs;
            var sum0 = TLanes.Load(bias + channel);
            var (sum1, sum2, sum3) = (sum0, sum0, sum0);
            for (var ky = 0; ky < geometry.Kernel; ky++)
            {
                var inY = (y * geometry.Stride) + (ky * geometry.Dilation) - geometry.Lead;
                if (inY < 0 || inY >= geometry.Input.Height)
                {
                    continue;
                }

                for (var kx = 0; kx < geometry.Kernel; kx++)
                {
                    var pixel = input + ((((long)inY * geometry.Input.Width) + left + (kx * geometry.Dilation)) * inputs);
                    var weight = weights + ((((long)ky * geometry.Kernel) + kx) * inputs * outputs) + channel;
                    for (var index = 0; index < inputs; index++, weight += outputs, pixel++)
                    {
                        var factor = TLanes.Load(weight);
                        sum0 = TLanes.Add(sum0, TLanes.Multiply(TLanes.Create(pixel[0]), factor));
                        sum1 = TLanes.Add(sum1, TLanes.Multiply(TLanes.Create(pixel[step]), factor));
                        sum2 = TLanes.Add(sum2, TLanes.Multiply(TLanes.Create(pixel[2 * step]), factor));
                        sum3 = TLanes.Add(sum3, TLanes.Multiply(TLanes.Create(pixel[3 * step]), factor));
                    }
                }
            }

            var target = output + ((long)x * outputs) + channel;
            TLanes.Store(sum0, target);
            TLanes.Store(sum1, target + outputs);
            TLanes.Store(sum2, target + (2L * outputs));
            TLanes.Store(sum3, target + (3L * outputs));
        }
    }
}
