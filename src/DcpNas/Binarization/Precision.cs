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
