namespace DcpNas.Runtime;

/// <summary>The order of the numbers of an image.</summary>
public enum PixelLayout
{
    /// <summary><c>[y][x][channel]</c>, as image decoders give it.</summary>
    Nhwc,

    /// <summary><c>[channel][y][x]</c>, as libtorch has it.</summary>
    Nchw,
}
