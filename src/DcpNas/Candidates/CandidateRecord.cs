namespace DcpNas.Candidates;

/// <summary>A genotype after its brief training.</summary>
/// <param name="Genotype">As text.</param>
/// <param name="ValidationTop1">Share of the validation images that are right.</param>
/// <param name="ValidationLoss">Cross entropy on them.</param>
/// <param name="CpuSeconds">CPU time of its training over all sessions.</param>
/// <param name="Seconds">Wall-clock time of its training.</param>
public sealed record CandidateRecord(string Genotype, double ValidationTop1, double ValidationLoss, double CpuSeconds, double Seconds);
