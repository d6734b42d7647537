namespace DcpNas.Runtime.Model;

/// <summary>The largest sizes that the format knows; they keep every size and every sum within 32 bits.</summary>
internal static class ModelLimits
{
    /// <summary>Rows or columns of a map.</summary>
    public const int Side = 1 << 15;

    /// <summary>Channels of a map.</summary>
    public const int Channels = 1 << 16;

    /// <summary>Bytes of one value in memory.</summary>
    public const long ValueBytes = 1L << 30;

    /// <summary>Side of a filter or pool window.</summary>
    public const int Kernel = 15;

    /// <summary>Stride, dilation or padding.</summary>
    public const int Step = 64;

    /// <summary>Terms of a binary sum; below 2^24, so that every sum is exact as a float32.</summary>
    public const long Terms = (1 << 24) - 1;

    /// <summary>Nodes of a graph.</summary>
    public const int Nodes = 1 << 16;

    /// <summary>Inputs of one node.</summary>
    public const int Inputs = 1 << 10;

    /// <summary>Characters of a name.</summary>
    public const int NameLength = 200;

    /// <summary>Bytes of the description of the network, in UTF-8.</summary>
    public const int NetworkBytes = 1 << 16;

    /// <summary>Objects and lists of the model within each other; the description of a network is the deepest part.</summary>
    public const int Depth = 16;

    /// <summary>Resolutions of a detector.</summary>
    public const int DetectorLevels = 64;

    /// <summary>Anchors of a detector at one pixel.</summary>
    public const int AnchorsPerPixel = 1024;

    /// <summary>Bytes of the header of a file, as in the reference implementation of safetensors.</summary>
    public const int HeaderBytes = 100_000_000;

    /// <summary>Bytes of all tensors of a file: one array.</summary>
    public const int DataBytes = 0x7FFFFFC7;
}
