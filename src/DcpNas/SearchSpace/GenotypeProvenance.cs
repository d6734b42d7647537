namespace DcpNas.SearchSpace;

/// <summary>Where a genotype comes from. Every part is optional; it is kept with the genotype and changes nothing.</summary>
/// <param name="Strategy">The search strategy, for example <c>dcp-nas</c> or <c>random</c>.</param>
/// <param name="Seed">The seed of the search.</param>
/// <param name="Dataset">The data set that was searched on.</param>
/// <param name="Run">The run folder, or a citation.</param>
public sealed record GenotypeProvenance(string? Strategy = null, long? Seed = null, string? Dataset = null, string? Run = null);
