using DcpNas.Search;

namespace DcpNas.Comparison;

/// <summary>A predefined row of a comparison: a way to find a genotype.</summary>
/// <param name="Name">Stable identifier, written to options and results. Never renamed.</param>
/// <param name="Meaning">What it is, in a few words.</param>
/// <param name="Apply">Turns the common search options into those of the row; seed and sizes stay.</param>
/// <param name="Paper">What the paper reports for it, or null.</param>
public sealed record ComparisonStrategy(string Name, string Meaning, Func<SearchOptions, SearchOptions> Apply, PaperFigure? Paper = null)
{
    /// <summary>How it comes to its genotypes.</summary>
    public RowKind Kind { get; init; }
}

/// <summary>A figure of the DCP-NAS paper (arXiv:2306.15390), to be shown beside our own: ImageNet, so the level cannot be compared, only the order.</summary>
/// <param name="Top1">Top-1 accuracy on ImageNet, in percent.</param>
/// <param name="Source">The table, and which network.</param>
public sealed record PaperFigure(double Top1, string Source);
