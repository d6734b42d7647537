namespace DcpNas.Cost;

/// <summary>One cell's place in the network: everything that does not depend on the genotype.</summary>
/// <param name="Index">0 for the first cell.</param>
/// <param name="IsReduction">Whether it halves the resolution.</param>
/// <param name="PrevPrev">The output of the cell (or stem) before the previous one.</param>
/// <param name="Prev">The output of the previous cell or stem.</param>
/// <param name="ReducesPrevPrev">Whether that before the previous one has twice the resolution and is preprocessed by a factorised reduce: the previous cell reduces.</param>
/// <param name="Channels">Channels of each node.</param>
public sealed record CellGeometry(int Index, bool IsReduction, FeatureMap PrevPrev, FeatureMap Prev, bool ReducesPrevPrev, int Channels)
{
    /// <summary>Nodes whose concatenation is the output.</summary>
    public const int ConcatenatedNodes = 4;

    /// <summary>Nodes 0 and 1: the preprocessed inputs.</summary>
    public FeatureMap Input => Prev.After(Channels, 1);

    /// <summary>Nodes 2 to 5.</summary>
    public FeatureMap Node => Input.After(Channels, IsReduction ? 2 : 1);

    /// <summary>The concatenation of nodes 2 to 5.</summary>
    public FeatureMap Output => Node with { Channels = ConcatenatedNodes * Channels };
}
