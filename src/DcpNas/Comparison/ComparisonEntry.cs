using DcpNas.Cost;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;

namespace DcpNas.Comparison;

/// <summary>A row of a comparison with everything that its jobs need.</summary>
/// <param name="Name">The name: that of a predefined row, of a preset, or one of the user's.</param>
/// <param name="Meaning">What it is, in a few words.</param>
/// <param name="Kind">How it comes to its genotypes.</param>
/// <param name="Search">What is searched; the seed is that of each job.</param>
/// <param name="Train">How its networks are trained; genotype, width and seed are those of each job.</param>
public sealed record ComparisonEntry(string Name, string Meaning, RowKind Kind, SearchOptions Search, TrainOptions Train)
{
    /// <summary>The genotype of a row that is given one.</summary>
    public Genotype? Genotype { get; init; }

    /// <summary>
    /// Genotypes that are trained briefly to choose among them. <c>random_k</c>: drawn uniformly; null: as many as the primary row pays for. Searches: alpha's own
    /// and draws from alpha; null: alpha's own is taken as it is.
    /// </summary>
    public int? Candidates { get; init; }

    /// <summary>Epochs of a brief training.</summary>
    public int CandidateEpochs { get; init; }

    /// <summary>What the paper reports for it, or null.</summary>
    public PaperFigure? Paper { get; init; }

    /// <summary>The row whose jobs are its results; another one where both ask for the same.</summary>
    public string Worker { get; init; } = Name;

    /// <summary>Whether both find their genotypes in the same way.</summary>
    internal bool FindsAs(ComparisonEntry other) => Kind == other.Kind && Kind switch
    {
        RowKind.Search => Search == other.Search && Candidates == other.Candidates && (Candidates is null || (CandidateEpochs == other.CandidateEpochs && Train == other.Train)),
        RowKind.Genotype => Genotype == other.Genotype,
        _ => (Candidates, CandidateEpochs) == (other.Candidates, other.CandidateEpochs) && Train == other.Train && Limits == other.Limits,
    };

    private (double?, double?, ChipLimits) Limits => (Search.MaxOps, Search.MaxMemoryMbit, Search.Chip);

    /// <summary>Whether the jobs of both would give the same.</summary>
    internal bool IsAs(ComparisonEntry other) => FindsAs(other) && Train == other.Train;
}
