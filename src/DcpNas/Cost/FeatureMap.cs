namespace DcpNas.Cost;

/// <summary>The size of one sample's activations.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Height">Rows, in pixels.</param>
/// <param name="Width">Columns, in pixels.</param>
public readonly record struct FeatureMap(int Channels, int Height, int Width)
{
    /// <summary>Values of one sample.</summary>
    public long Elements => (long)Channels * Height * Width;

    /// <summary>
    /// The output of a convolution or pool that pads by dilation (k - 1) / 2 and so keeps the resolution up to its stride; odd sizes are
    /// rounded up (a factorised reduce of an odd size reads zeros beyond the border).
    /// </summary>
    /// <param name="channels">Channels of the output.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public FeatureMap After(int channels, int stride) => new(channels, ((Height - 1) / stride) + 1, ((Width - 1) / stride) + 1);
}
