namespace DcpNas.Search;

/// <summary>What each strategy trains and listens to; a strategy is one row.</summary>
public static class StrategyTable
{
    /// <summary>All strategies.</summary>
    public static IReadOnlyList<StrategyRow> All { get; } =
    [
        new(SearchStrategy.Dcp, [SearchPhase.Parent, SearchPhase.Child]) { UsesTangent = true, UsesReconstruction = true },
        new(SearchStrategy.Cp, [SearchPhase.Parent, SearchPhase.Child]),
        new(SearchStrategy.Direct, [SearchPhase.Child]) { ChildLearnsFromLabels = true },
        new(SearchStrategy.Parent, [SearchPhase.Parent]),
        new(SearchStrategy.Random, []),
    ];

    /// <summary>The row of a strategy.</summary>
    public static StrategyRow Of(SearchStrategy strategy) => All.Single(row => row.Strategy == strategy);
}

/// <summary>One strategy.</summary>
/// <param name="Strategy">Its name.</param>
/// <param name="Phases">The supernets that it trains, in turn; none where a genotype is drawn. The last one's alpha becomes the genotype.</param>
public sealed record StrategyRow(SearchStrategy Strategy, IReadOnlyList<SearchPhase> Phases)
{
    /// <summary>Whether the Child's alpha follows the Parent's tangent.</summary>
    public bool UsesTangent { get; init; }

    /// <summary>Whether the reconstruction error is part of the Child's loss.</summary>
    public bool UsesReconstruction { get; init; }

    /// <summary>Whether the Child learns from labels instead of from the Parent.</summary>
    public bool ChildLearnsFromLabels { get; init; }

    /// <summary>Whether Parent and Child take turns, each starting from what the other has learned.</summary>
    public bool AlternatesPhases => Phases.Count > 1;

    /// <summary>Whether a genotype is drawn, and nothing is trained.</summary>
    public bool IsDrawn => Phases.Count == 0;

    /// <summary>The supernet whose alpha becomes the genotype.</summary>
    public SearchPhase Deciding => IsDrawn ? SearchPhase.Child : Phases[^1];
}

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
