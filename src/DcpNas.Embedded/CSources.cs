namespace DcpNas.Embedded;

/// <summary>Generated code.</summary>
/// <param name="Files">The files, by their path below the folder.</param>
/// <param name="ArenaBytes">RAM that the caller gives.</param>
/// <param name="TableBytes">Constants: weights, thresholds, biases.</param>
/// <param name="Results">Numbers of all outputs.</param>
public sealed record CSources(IReadOnlyDictionary<string, string> Files, long ArenaBytes, long TableBytes, long Results);
