using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>What the current architecture parameters look like.</summary>
/// <param name="EntropyNormal">Mean entropy of the rows of alpha of the normal cell in nats; log 8 = 2.08 is undecided, 0 decided.</param>
/// <param name="EntropyReduction">Likewise for the reduction cell.</param>
/// <param name="SkipShare">Share of skip among the eight edges that the normal cell would keep.</param>
/// <param name="PoolShare">Share of pools, likewise.</param>
/// <param name="NoneShare">Mean probability of <c>none</c> in the normal cell.</param>
/// <param name="Genotype">What these parameters stand for.</param>
public sealed record SearchHealth(double EntropyNormal, double EntropyReduction, double SkipShare, double PoolShare, double NoneShare, Genotype Genotype)
{
    /// <summary>Looks at architecture parameters.</summary>
    public static SearchHealth Of(ArchitectureParameters architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var genotype = architecture.Discretize();
        var kept = genotype.Normal.Edges().Select(edge => edge.Edge.Operation).ToList();
        var normal = architecture.Probabilities(CellKind.Normal);
        return new SearchHealth(
            Entropy(normal),
            Entropy(architecture.Probabilities(CellKind.Reduction)),
            Share(kept, OperationNames.Skip),
            Share(kept, OperationNames.MaxPool) + Share(kept, OperationNames.AvgPool),
            normal.Average(row => row[OperationNames.IndexOf(OperationNames.None)]),
            genotype);
    }

    /// <summary>Entropy above which alpha is still undecided, so that what it would keep is chance: 99 % of log 8, in nats.</summary>
    public static double UndecidedEntropy { get; } = 0.99 * Math.Log(OperationNames.All.Count);

    /// <summary>Whether alpha of the normal cell is decided and skip and pools hold at least a share of its edges.</summary>
    public bool IsCollapsed(double share) => EntropyNormal < UndecidedEntropy && SkipShare + PoolShare >= share;

    private static double Entropy(double[][] rows) => rows.Average(row => -row.Sum(p => p > 0 ? p * Math.Log(p) : 0));

    private static double Share(List<string> kept, string operation) => kept.Count(name => name == operation) / (double)kept.Count;
}
