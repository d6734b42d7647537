namespace DcpNas.Search;

/// <summary>How a search ends with a genotype.</summary>
public enum GenotypeSelection
{
    /// <summary>The strongest operations and edges by alpha, as in DARTS.</summary>
    Argmax,

    /// <summary>The operations without which the supernet loses most accuracy (arXiv:2108.04392).</summary>
    Perturbation,

    /// <summary>The best of genotypes drawn from alpha and changed step by step, scored with the Child's shared weights on held-out images.</summary>
    Sampled,
}
