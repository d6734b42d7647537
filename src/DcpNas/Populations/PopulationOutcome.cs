namespace DcpNas.Populations;

/// <summary>What the training of a population leaves.</summary>
/// <param name="Table">The table.</param>
/// <param name="Failures">Trainings that failed in this session.</param>
/// <param name="TablePath">Where the table lies.</param>
/// <param name="PagePath">The page.</param>
public sealed record PopulationOutcome(PopulationTable Table, IReadOnlyList<PopulationFailure> Failures, string TablePath, string PagePath);

/// <summary>A training that failed.</summary>
/// <param name="Name">The training.</param>
/// <param name="Error">Why.</param>
public sealed record PopulationFailure(string Name, string Error);
