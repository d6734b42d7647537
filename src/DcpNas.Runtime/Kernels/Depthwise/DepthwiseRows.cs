namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>The rows of one block, as bare pointers: the inner loops call nothing, so that their vectors stay in registers.</summary>
internal unsafe struct DepthwiseRows
{
    /// <summary>The first tap of the first pixel.</summary>
    public ulong* Source;

    /// <summary>Words from an output row's first tap to the next row's.</summary>
    public nint SourceStep;

    /// <summary>Words from the first tap to each tap, row by row.</summary>
    public nint* Offsets;

    /// <summary>The weights, one word per tap.</summary>
    public ulong* Weights;

    /// <summary>The thresholds of the block in the first class of rows.</summary>
    public ulong* Levels;

    /// <summary>Words from a class of rows to the next.</summary>
    public nint ClassStep;

    /// <summary>Words from a digit of a threshold to the next.</summary>
    public nint LevelStep;

    /// <summary>The class of each row.</summary>
    public int* RowClass;

    /// <summary>Which comparisons are turned round.</summary>
    public ulong* Flip;

    /// <summary>Receives the first row.</summary>
    public ulong* Target;

    /// <summary>Words from a row of the output to the next.</summary>
    public nint TargetStep;

    /// <summary>Rows.</summary>
    public int Count;

    /// <summary>Pixels of a row.</summary>
    public int Width;

    /// <summary>Room for one vector, or for the digits of one.</summary>
    public ulong* Spare;
}
