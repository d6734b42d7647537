using DcpNas.SearchSpace;

namespace DcpNas.Comparison;

/// <summary>A genotype, and what it took to find it.</summary>
/// <param name="Genotype">The cells.</param>
/// <param name="CpuSeconds">CPU time of the process over all sessions, in seconds; on a GPU wall-clock time; null where nothing was searched.</param>
/// <param name="Selection">How candidates led to it; null for rows that train none.</param>
internal sealed record FoundGenotype(Genotype Genotype, double? CpuSeconds = null, CandidateSelection? Selection = null);

/// <summary>How a row that trains candidates came to its genotype.</summary>
/// <param name="Candidates">Genotypes that were trained briefly.</param>
/// <param name="Epochs">Epochs of each brief training.</param>
/// <param name="BudgetSeconds">CPU time that the search of the primary row took; null where the number of candidates was given.</param>
/// <param name="SpentSeconds">CPU time of the brief trainings.</param>
/// <param name="BestValidationTop1">Share of the validation images that the kept one had right after its brief training.</param>
public sealed record CandidateSelection(int Candidates, int Epochs, double? BudgetSeconds, double SpentSeconds, double BestValidationTop1);
