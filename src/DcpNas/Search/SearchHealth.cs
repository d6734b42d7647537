using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>What the current architecture parameters look like.</summary>
/// <param name="Normal">The normal cell.</param>
/// <param name="Reduction">The reduction cell.</param>
/// <param name="Genotype">What these parameters stand for.</param>
public sealed record SearchHealth(CellHealth Normal, CellHealth Reduction, Genotype Genotype)
{
    /// <summary>Looks at architecture parameters.</summary>
    public static SearchHealth Of(ArchitectureParameters architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var genotype = architecture.Discretize();
        return new SearchHealth(
            CellHealth.Of(architecture.Probabilities(CellKind.Normal), genotype.Normal),
            CellHealth.Of(architecture.Probabilities(CellKind.Reduction), genotype.Reduction),
            genotype);
    }
}
