namespace DcpNas.Runtime.Kernels;

/// <summary>The sizes of a 1-bit convolution with a square kernel.</summary>
/// <remarks>
/// Tap <c>(ky, kx)</c> of output pixel <c>(y, x)</c> reads input pixel <c>(y * Stride + ky * Dilation + Shift - Padding, ...)</c> and counts nothing where that lies outside
/// of the map: zero padding is exact.
/// </remarks>
internal sealed record ConvolutionGeometry
{
    /// <summary>The largest kernel of a depthwise convolution: its counts fit a byte.</summary>
    public const int LargestDepthwiseKernel = 15;

    /// <summary>Size of the input.</summary>
    public required BitShape Input { get; init; }

    /// <summary>Channels of the output; those of the input where <see cref="Depthwise"/>.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Side of the kernel, at least 1.</summary>
    public int Kernel { get; init; } = 1;

    /// <summary>Pixels between outputs, at least 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Pixels between taps, at least 1.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Pixels of zeros around the map, at least 0.</summary>
    public int Padding { get; init; }

    /// <summary>Pixels cut off at the top and the left before anything else (the second half of a factorised reduction: 1), at least 0.</summary>
    public int Shift { get; init; }

    /// <summary>Whether each channel has one filter of its own and sees no other channel.</summary>
    public bool Depthwise { get; init; }

    /// <summary>Rows of the output.</summary>
    public int OutHeight => OutSize(Input.Height);

    /// <summary>Pixels of a row of the output.</summary>
    public int OutWidth => OutSize(Input.Width);

    /// <summary>Size of the output.</summary>
    public BitShape Output => new(OutHeight, OutWidth, OutChannels);

    /// <summary>Input pixels from the first tap's origin to the map: <c>Padding - Shift</c>.</summary>
    public int Lead => Padding - Shift;

    /// <summary>Products of one sum away from borders; no sum is larger.</summary>
    public int Terms => checked((Depthwise ? 1 : Input.Channels) * Kernel * Kernel);

    /// <summary>Words of the weights: <c>[outChannel][ky][kx][block]</c>, or <c>[ky][kx][block]</c> where <see cref="Depthwise"/>.</summary>
    public int WeightWords => checked((Depthwise ? 1 : OutChannels) * Kernel * Kernel * Input.Blocks);

    /// <summary>Throws where the sizes make no convolution.</summary>
    /// <exception cref="ArgumentException">A size is out of its range, or the output would be empty.</exception>
    public void Check()
    {
        AtLeast(nameof(Input.Height), Input.Height, 1);
        AtLeast(nameof(Input.Width), Input.Width, 1);
        AtLeast(nameof(Input.Channels), Input.Channels, 1);
        AtLeast(nameof(OutChannels), OutChannels, 1);
        AtLeast(nameof(Kernel), Kernel, 1);
        AtLeast(nameof(Stride), Stride, 1);
        AtLeast(nameof(Dilation), Dilation, 1);
        AtLeast(nameof(Padding), Padding, 0);
        AtLeast(nameof(Shift), Shift, 0);
        if (Depthwise && OutChannels != Input.Channels)
        {
            throw new ArgumentException($"OutChannels of a depthwise convolution must be {Input.Channels}, got {OutChannels}.");
        }

        if (Depthwise && Kernel > LargestDepthwiseKernel)
        {
            throw new ArgumentException($"Kernel of a depthwise convolution must be at most {LargestDepthwiseKernel}, got {Kernel}.");
        }

        AtLeast(nameof(OutHeight), OutHeight, 1);
        AtLeast(nameof(OutWidth), OutWidth, 1);
        _ = checked(Input.WordCount + Output.WordCount + WeightWords + Terms);
    }

    private static void AtLeast(string name, int value, int least)
    {
        if (value < least)
        {
            throw new ArgumentException($"{name} must be at least {least}, got {value}.");
        }
    }

    private int OutSize(int size)
    {
        var reach = (long)size - Shift + (2L * Padding) - ((long)Dilation * (Kernel - 1)) - 1;
        return reach < 0 ? 0 : (int)Math.Min(int.MaxValue, (reach / Stride) + 1);
    }
}
