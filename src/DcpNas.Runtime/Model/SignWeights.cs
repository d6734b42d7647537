namespace DcpNas.Runtime.Model;

/// <summary>Weights of one bit, packed along the input channels (dense) or along the channels (depthwise).</summary>
/// <remarks>
/// Bit 1 is -1, bit 0 is +1; channel <c>c</c> is bit <c>c mod 64</c> of block <c>c / 64</c>; bits past the last channel are 0.
/// Dense: words <c>[OutChannels][ky][kx][blocks of InChannels]</c>. Depthwise: words <c>[ky][kx][blocks of OutChannels]</c>.
/// </remarks>
public sealed class SignWeights
{
    internal SignWeights(ReadOnlyMemory<ulong> words, int outChannels, int inChannels, int kernel, bool depthwise)
    {
        Words = words;
        OutChannels = outChannels;
        InChannels = inChannels;
        Kernel = kernel;
        Depthwise = depthwise;
    }

    /// <summary>The packed words.</summary>
    public ReadOnlyMemory<ulong> Words { get; }

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; }

    /// <summary>Channels of the input; when depthwise, as many as of the output.</summary>
    public int InChannels { get; }

    /// <summary>Side of the filter in pixels.</summary>
    public int Kernel { get; }

    /// <summary>Whether each channel has its own filter and no channel sees another.</summary>
    public bool Depthwise { get; }

    /// <summary>Weights, of one bit each.</summary>
    public long Count => (long)OutChannels * (Depthwise ? 1 : InChannels) * Kernel * Kernel;

    /// <summary>Products in the sum of one output whose taps all lie in the image.</summary>
    internal long Terms => (long)(Depthwise ? 1 : InChannels) * Kernel * Kernel;

    internal int Blocks => (InChannels + 63) / 64;

    internal int[] TensorShape => Depthwise ? [Kernel, Kernel, Blocks] : [OutChannels, Kernel, Kernel, Blocks];

    /// <summary>Packs the signs of dense weights.</summary>
    /// <param name="weights"><c>[outChannels][inChannels][kernel][kernel]</c>, as libtorch stores them; only the sign is kept, zero of either sign is +1.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="kernel">Side of the filter.</param>
    /// <exception cref="ArgumentException">The number of weights is not the product of the sizes, or one is NaN.</exception>
    public static SignWeights PackDense(ReadOnlySpan<float> weights, int outChannels, int inChannels, int kernel)
    {
        CheckSizes(weights, outChannels, inChannels, kernel, (long)outChannels * inChannels * kernel * kernel);
        var taps = kernel * kernel;
        var blocks = (inChannels + 63) / 64;
        var words = new ulong[checked(outChannels * taps * blocks)];
        for (var i = 0; i < weights.Length; i++)
        {
            var (filter, tap) = (i / taps, i % taps);
            var (output, input) = (filter / inChannels, filter % inChannels);
            words[(((output * taps) + tap) * blocks) + (input / 64)] |= Bit(weights[i]) << (input % 64);
        }

        return new SignWeights(words, outChannels, inChannels, kernel, depthwise: false);
    }

    /// <summary>Packs the signs of depthwise weights.</summary>
    /// <param name="weights"><c>[channels][1][kernel][kernel]</c>, as libtorch stores them; only the sign is kept, zero of either sign is +1.</param>
    /// <param name="channels">Channels of input and output.</param>
    /// <param name="kernel">Side of the filter.</param>
    /// <exception cref="ArgumentException">The number of weights is not the product of the sizes, or one is NaN.</exception>
    public static SignWeights PackDepthwise(ReadOnlySpan<float> weights, int channels, int kernel)
    {
        CheckSizes(weights, channels, channels, kernel, (long)channels * kernel * kernel);
        var taps = kernel * kernel;
        var blocks = (channels + 63) / 64;
        var words = new ulong[taps * blocks];
        for (var i = 0; i < weights.Length; i++)
        {
            var (channel, tap) = (i / taps, i % taps);
            words[(tap * blocks) + (channel / 64)] |= Bit(weights[i]) << (channel % 64);
        }

        return new SignWeights(words, channels, channels, kernel, depthwise: true);
    }

    /// <summary>One weight as -1 or +1.</summary>
    /// <param name="output">The channel of the output.</param>
    /// <param name="input">The channel of the input; ignored when depthwise.</param>
    /// <param name="ky">Row of the tap.</param>
    /// <param name="kx">Column of the tap.</param>
    public int this[int output, int input, int ky, int kx]
    {
        get
        {
            var tap = (ky * Kernel) + kx;
            var (row, channel) = Depthwise ? (tap, output) : ((output * Kernel * Kernel) + tap, input);
            return ((Words.Span[(row * Blocks) + (channel / 64)] >> (channel % 64)) & 1) == 0 ? 1 : -1;
        }
    }

    /// <summary>Checks sizes, range of sums and the bits past the last channel.</summary>
    /// <exception cref="ModelFaultException">Something does not fit.</exception>
    internal void Check(string place, int inputChannels)
    {
        if (InChannels != inputChannels)
        {
            throw new ModelFaultException(place, $"an input of {InChannels} channels", $"{inputChannels}");
        }

        NodeCheck.Range(place, "terms of a sum", Terms, 1, ModelLimits.Terms);
        NodeCheck.Length(place, "weight", Words.Length, (Depthwise ? 1L : OutChannels) * Kernel * Kernel * Blocks);
        if (InChannels % 64 is var used and > 0)
        {
            for (var i = Blocks - 1; i < Words.Length; i += Blocks)
            {
                if (Words.Span[i] >> used != 0)
                {
                    throw new ModelFaultException(place, "zero bits past the last channel in weight", $"word {i} = 0x{Words.Span[i]:x16}");
                }
            }
        }
    }

    private static void CheckSizes(ReadOnlySpan<float> weights, int outChannels, int inChannels, int kernel, long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        if (weights.Length != count)
        {
            throw new ArgumentException($"Weights must have {count} elements, got {weights.Length}.", nameof(weights));
        }

        foreach (var weight in weights)
        {
            if (float.IsNaN(weight))
            {
                throw new ArgumentException("Weights must have a sign, got NaN.", nameof(weights));
            }
        }
    }

    private static ulong Bit(float weight) => weight < 0 ? 1UL : 0;
}
