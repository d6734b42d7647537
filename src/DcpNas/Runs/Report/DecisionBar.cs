namespace DcpNas.Runs.Report;

/// <summary>An edge in a <see cref="DecisionChart"/>.</summary>
/// <param name="Edge">The places that it joins: <c>0 → 2</c>.</param>
/// <param name="Winner">The operation that leads.</param>
/// <param name="Probability">Its share of softmax(alpha).</param>
/// <param name="RunnerUp">The next operation.</param>
/// <param name="RunnerUpProbability">Its share.</param>
/// <param name="Chosen">The operation that the genotype holds there, or null where it does not keep the edge.</param>
/// <param name="IsDecided">Whether the winner leads clearly.</param>
public sealed record DecisionBar(string Edge, string Winner, double Probability, string RunnerUp, double RunnerUpProbability, string? Chosen, bool IsDecided);
