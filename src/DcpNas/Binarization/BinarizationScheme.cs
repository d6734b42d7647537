namespace DcpNas.Binarization;

/// <summary>Which values of a cell are ±1. Stem, classifier, batch normalisation, PReLU and scales are real in every scheme.</summary>
public enum BinarizationScheme
{
    /// <summary>Nothing: the real-valued network (Parent).</summary>
    None,

    /// <summary>Every convolution of the cells, pre-processing and depthwise ones included, has 1-bit weights and 1-bit activations.</summary>
    Paper,

    /// <summary>Every convolution of the cells has 1-bit weights; only the pointwise one of a separable block sees 1-bit activations.</summary>
    Release,
}
