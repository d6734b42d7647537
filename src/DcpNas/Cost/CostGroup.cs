namespace DcpNas.Cost;

/// <summary>The part of the network that a layer belongs to.</summary>
public enum CostGroup
{
    /// <summary>Convolutions before the first cell; real.</summary>
    Stem,

    /// <summary>The 1x1 convolutions (or factorised reduces) that bring a cell's two inputs to its channels.</summary>
    Preprocess,

    /// <summary>Depthwise convolutions of separable and dilated blocks.</summary>
    Depthwise,

    /// <summary>Pointwise convolutions of separable and dilated blocks, and of ReActNet.</summary>
    Pointwise,

    /// <summary>Factorised reduces of strided skip connections.</summary>
    Skip,

    /// <summary>Pools.</summary>
    Pool,

    /// <summary>Sums of the two edges of a node.</summary>
    Sum,

    /// <summary>Convolutions of hand-made networks that see all channels of a window.</summary>
    Full,

    /// <summary>Real 1x1 convolutions in shortcuts of hand-made networks.</summary>
    Shortcut,

    /// <summary>Global average pooling and classifier; real.</summary>
    Head,
}
