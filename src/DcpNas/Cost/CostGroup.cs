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

    /// <summary>Pointwise convolutions of separable and dilated blocks.</summary>
    Pointwise,

    /// <summary>Factorised reduces of strided skip connections.</summary>
    Skip,

    /// <summary>3x3 pools.</summary>
    Pool,

    /// <summary>Sums of the two edges of a node.</summary>
    Sum,

    /// <summary>Global average pooling and classifier; real.</summary>
    Head,
}
