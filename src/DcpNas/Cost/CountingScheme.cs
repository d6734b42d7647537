namespace DcpNas.Cost;

/// <summary>What is 1-bit inside the cells; stem and head are real in every scheme.</summary>
public enum CountingScheme
{
    /// <summary>Nothing: the real-valued network of the same genotype, without scales beta.</summary>
    None,

    /// <summary>Weights and activations of every convolution: preprocessing, depthwise, pointwise, strided skip.</summary>
    Paper,

    /// <summary>Weights of every convolution, activations of pointwise ones only; the others multiply real activations and count as FLOPs.</summary>
    Release,
}
