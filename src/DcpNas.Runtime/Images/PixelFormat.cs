namespace DcpNas.Runtime;

/// <summary>The bytes of a pixel, as decoders and cameras give them.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Red, green, blue, and a fourth byte, which is not read: transparency is dropped, not blended.</summary>
    Rgba,

    /// <summary>Blue, green, red: OpenCV.</summary>
    Bgr,

    /// <summary>Blue, green, red, and a fourth byte, which is not read: GDI, Windows Imaging.</summary>
    Bgra,

    /// <summary>One byte of brightness; a network that reads colours sees it three times.</summary>
    Grey,
}
