using DcpNas.SearchSpace;

namespace DcpNas.Comparison;

/// <summary>A genotype, and what it took to find it.</summary>
/// <param name="Genotype">The cells.</param>
/// <param name="CpuSeconds">CPU time of the process over all sessions, in seconds; on a GPU wall-clock time; null where nothing was searched.</param>
/// <param name="Selection">How candidates led to it; null for rows that train none.</param>
internal sealed record FoundGenotype(Genotype Genotype, double? CpuSeconds = null, CandidateSelection? Selection = null);
