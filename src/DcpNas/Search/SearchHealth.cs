using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>What the current architecture parameters look like.</summary>
/// <param name="Normal">The normal cell.</param>
/// <param name="Reduction">The reduction cell.</param>
/// <param name="Genotype">What these parameters stand for.</param>
/// <param name="Decision">How clearly they do.</param>
public sealed record SearchHealth(CellHealth Normal, CellHealth Reduction, Genotype Genotype, GenotypeDecision Decision)
{
    /// <summary>Share of the edges of both cells that hold no weights: skip and pools.</summary>
    public double WeightlessShare => (Normal.WeightlessShare + Reduction.WeightlessShare) / 2;

    /// <summary>Looks at architecture parameters.</summary>
    public static SearchHealth Of(ArchitectureParameters architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var genotype = architecture.Discretize();
        var (normal, reduction) = (architecture.Probabilities(CellKind.Normal), architecture.Probabilities(CellKind.Reduction));
        return new SearchHealth(
            CellHealth.Of(normal, genotype.Normal), CellHealth.Of(reduction, genotype.Reduction), genotype, GenotypeDecision.Of(normal, reduction, genotype));
    }
}
