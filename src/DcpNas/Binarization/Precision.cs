namespace DcpNas.Binarization;

/// <summary>The precision of a network: which values are ±1 and how they are scaled.</summary>
/// <param name="Scheme">Which values are 1-bit.</param>
/// <param name="Scale">Where the scale of a 1-bit convolution comes from.</param>
/// <param name="Activations">Surrogate gradient of the sign of activations; Bi-Real by default.</param>
public sealed record Precision(BinarizationScheme Scheme, ScaleKind Scale = ScaleKind.Learnable, SignEstimator Activations = SignEstimator.BiReal)
{
    /// <summary>The real-valued network.</summary>
    public static Precision Real { get; } = new(BinarizationScheme.None);

    /// <summary>Step 1 of final training: activations as the scheme says, weights real. Default false.</summary>
    public bool RealWeights { get; init; }

    /// <summary>Whether the convolutions of the cells have 1-bit weights.</summary>
    public bool BinaryWeights => Scheme != BinarizationScheme.None && !RealWeights;

    /// <summary>Whether the convolutions that read a cell input or a node (pre-processing, factorised reduce, depthwise) see 1-bit activations.</summary>
    public bool BinaryInputs => Scheme == BinarizationScheme.Paper;

    /// <summary>Whether the pointwise convolution of a separable block sees 1-bit activations.</summary>
    public bool BinaryPointwise => Scheme != BinarizationScheme.None;
}

/// <summary>Where the scale beta of a 1-bit convolution comes from.</summary>
public enum ScaleKind
{
    /// <summary>A parameter per output channel, <c>beta = softplus(rho) &gt; 0</c>, initialised to the mean of |w|.</summary>
    Learnable,

    /// <summary>The mean of |w| per output channel, a constant of the step: XNOR-Net, arXiv:1603.05279.</summary>
    MeanAbs,
}

/// <summary>What stands in for the derivative of sign in the backward pass.</summary>
public enum SignEstimator
{
    /// <summary>1 where |x| &lt;= 1, else 0: DCP-NAS (4.35), after BNN, arXiv:1602.02830. For weights.</summary>
    StraightThrough,

    /// <summary>2 - 2|x| where |x| &lt; 1, else 0: Bi-Real-Net, arXiv:1808.00278. For activations.</summary>
    BiReal,
}

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
