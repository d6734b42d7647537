namespace DcpNas.Search;

/// <summary>How a genotype is found. All go through the same loop.</summary>
public enum SearchStrategy
{
    /// <summary>DCP-NAS: Parent and Child in turn, tangent propagation, reconstruction error, decoupled optimisation.</summary>
    Dcp,

    /// <summary>CP-NAS (arXiv:2005.00057): Parent and Child in turn, lambda = mu = 0.</summary>
    Cp,

    /// <summary>The 1-bit Child alone, on cross entropy.</summary>
    Direct,

    /// <summary>The real-valued Parent alone; its genotype is then used for a 1-bit network.</summary>
    Parent,

    /// <summary>A genotype drawn uniformly: the baseline.</summary>
    Random,
}
