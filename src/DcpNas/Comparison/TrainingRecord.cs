namespace DcpNas.Comparison;

/// <summary>One training of a job's genotype.</summary>
/// <param name="Seed">The seed of the training.</param>
/// <param name="Result">The trained network and its test.</param>
public sealed record TrainingRecord(int Seed, JobResult Result);
