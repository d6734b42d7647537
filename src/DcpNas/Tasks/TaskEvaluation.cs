using System.Text.Json.Nodes;

namespace DcpNas.Tasks;

/// <summary>What an evaluation came to.</summary>
/// <param name="Images">Images that were evaluated.</param>
/// <param name="Metrics">Numbers by name in snake_case: top1, top5, loss. Names reach files and are never renamed.</param>
/// <param name="Detail">Everything else worth keeping: measures per class, confusions. May be empty.</param>
public sealed record TaskEvaluation(long Images, IReadOnlyDictionary<string, double> Metrics, JsonObject Detail)
{
    /// <summary>A metric by name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public double this[string metric] => Metrics.TryGetValue(metric, out var value)
        ? value
        : throw new KeyNotFoundException($"Unknown metric '{metric}'. Known metrics: {string.Join(", ", Metrics.Keys)}.");

    /// <summary>The metrics as JSON, without the detail.</summary>
    public JsonObject MetricsJson() => new(Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value)));
}
