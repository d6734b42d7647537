namespace DcpNas.SearchSpace;

/// <summary>A published genotype.</summary>
/// <param name="Name">The name under which it was published.</param>
/// <param name="Genotype">The cells.</param>
public sealed record GenotypePreset(string Name, Genotype Genotype);
