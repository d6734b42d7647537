namespace DcpNas.Search;

/// <summary>Which candidates a step of the weights computes.</summary>
public enum WeightPaths
{
    /// <summary>All of them, mixed by alpha, as in DARTS.</summary>
    Mixed,

    /// <summary>One discrete network, drawn anew for every step from alpha: a step costs a small part, and shared weights learn to serve discrete networks (SPOS, arXiv:1904.00420; GDAS, arXiv:1910.04465).</summary>
    Sampled,
}
