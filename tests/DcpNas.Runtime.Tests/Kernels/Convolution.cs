using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Tests.Kernels;

/// <summary>A convolution with random signs and rules, and its sums counted sign by sign.</summary>
internal sealed class Convolution
{
    private readonly bool[] _weights; // [outChannel][ky][kx][inChannel or nothing]

    public Convolution(ConvolutionGeometry geometry, int seed, double weightDensity = 0.5, double inputDensity = 0.5)
    {
        Geometry = geometry;
        var random = new Random(seed);
        Input = new(geometry.Input);
        for (var y = 0; y < geometry.Input.Height; y++)
        {
            for (var x = 0; x < geometry.Input.Width; x++)
            {
                for (var channel = 0; channel < geometry.Input.Channels; channel++)
                {
                    Input[y, x, channel] = random.NextDouble() < inputDensity;
                }
            }
        }

        var inputs = geometry.Depthwise ? 1 : geometry.Input.Channels;
        _weights = new bool[geometry.OutChannels * geometry.Terms];
        Weights = new ulong[geometry.WeightWords];
        for (var index = 0; index < _weights.Length; index++)
        {
            _weights[index] = random.NextDouble() < weightDensity;
            var (rest, input) = (index / inputs, index % inputs);
            var (channel, tap) = (rest / (geometry.Kernel * geometry.Kernel), rest % (geometry.Kernel * geometry.Kernel));
            var word = geometry.Depthwise
                ? (tap * geometry.Input.Blocks) + (channel / 64)
                : (rest * geometry.Input.Blocks) + (input / 64);
            Weights[word] |= _weights[index] ? 1UL << (geometry.Depthwise ? channel : input) : 0;
        }

        Rules = new BitRule[geometry.OutChannels];
        for (var channel = 0; channel < Rules.Length; channel++)
        {
            Rules[channel] = random.Next(12) switch
            {
                0 => BitRule.Zero,
                1 => BitRule.One,
                2 => new(int.MaxValue, random.Next(2) == 0),
                3 => new(-geometry.Terms, random.Next(2) == 0),
                4 => new(geometry.Terms, random.Next(2) == 0),
                5 => new(geometry.Terms + 1, random.Next(2) == 0),
                _ => new((int)Math.Round((random.NextDouble() - 0.5) * 4 * Math.Sqrt(geometry.Terms)), random.Next(2) == 0),
            };
        }
    }

    public ConvolutionGeometry Geometry { get; }

    public BitMap Input { get; }

    public ulong[] Weights { get; }

    public BitRule[] Rules { get; }

    /// <summary>The sums, one product after the other.</summary>
    public int[] CountSums()
    {
        var g = Geometry;
        var inputs = g.Depthwise ? 1 : g.Input.Channels;
        var sums = new int[g.OutHeight * g.OutWidth * g.OutChannels];
        for (var index = 0; index < sums.Length; index++)
        {
            var (pixel, channel) = (index / g.OutChannels, index % g.OutChannels);
            for (var ky = 0; ky < g.Kernel; ky++)
            {
                for (var kx = 0; kx < g.Kernel; kx++)
                {
                    var y = (pixel / g.OutWidth * g.Stride) + (ky * g.Dilation) + g.Shift - g.Padding;
                    var x = (pixel % g.OutWidth * g.Stride) + (kx * g.Dilation) + g.Shift - g.Padding;
                    if (y < 0 || x < 0 || y >= g.Input.Height || x >= g.Input.Width)
                    {
                        continue;
                    }

                    for (var input = 0; input < inputs; input++)
                    {
                        var weight = _weights[(((((channel * g.Kernel) + ky) * g.Kernel) + kx) * inputs) + input];
                        sums[index] += Input[y, x, g.Depthwise ? channel : input] == weight ? 1 : -1;
                    }
                }
            }
        }

        return sums;
    }

    /// <summary>The words that the rules make of sums.</summary>
    public ulong[] BitsOf(int[] sums)
    {
        var map = new BitMap(Geometry.Output);
        for (var index = 0; index < sums.Length; index++)
        {
            var (pixel, channel) = (index / Geometry.OutChannels, index % Geometry.OutChannels);
            map[pixel / Geometry.OutWidth, pixel % Geometry.OutWidth, channel] = Rules[channel].AtLeast ? sums[index] >= Rules[channel].Threshold : sums[index] < Rules[channel].Threshold;
        }

        return map.Words;
    }
}
