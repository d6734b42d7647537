namespace DcpNas.Cost;

/// <summary>Which convolutions inside the cells see 1-bit activations. Their weights are 1-bit in both schemes.</summary>
public enum CountingScheme
{
    /// <summary>All of them: preprocessing, depthwise, pointwise, strided skip.</summary>
    Paper,

    /// <summary>Only the pointwise convolution of each block; the others multiply real activations and count as FLOPs.</summary>
    Release,
}
