namespace DcpNas.Comparison;

/// <summary>How a row of a comparison comes to its genotypes.</summary>
public enum RowKind
{
    /// <summary>A search, one per search seed.</summary>
    Search,

    /// <summary>A genotype that is given: a preset, a file or a text.</summary>
    Genotype,

    /// <summary>The best of several random genotypes, each trained briefly: <c>random_k</c>.</summary>
    BestOfRandom,
}
