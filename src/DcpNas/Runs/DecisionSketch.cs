using System.Text.Json.Nodes;
using DcpNas.Runs.Report;

namespace DcpNas.Runs;

/// <summary>What a report says about the section <c>decision</c> of a genotype or of an epoch, read as plain data; edges of another form are left out.</summary>
internal sealed class DecisionSketch
{
    private readonly JsonObject _json;

    private DecisionSketch(JsonObject json) => _json = json;

    /// <summary>Whether alpha has decided; null where that is not said.</summary>
    public bool? IsDecided => _json["decided"] is JsonValue value && value.TryGetValue<bool>(out var decided) ? decided : null;

    /// <summary>What came out, in a line.</summary>
    public string Summary => _json["summary"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>The section of a file or record, or null where it has none.</summary>
    public static DecisionSketch? Of(JsonNode? json) => json?[MetricFields.Decision] is JsonObject decision ? new DecisionSketch(decision) : null;

    /// <summary>The edges of a cell, in their order.</summary>
    public IReadOnlyList<DecisionBar> Bars(string cell) =>
        (_json[cell] as JsonObject)?["edges"] is JsonArray edges ? [.. edges.OfType<JsonObject>().Select(Bar).OfType<DecisionBar>()] : [];

    private static DecisionBar? Bar(JsonObject edge)
    {
        var (node, input, first, second) = (Number("node"), Number("input"), Number("probability"), Number("runner_up_probability"));
        return node is null || input is null || first is null || second is null
            ? null
            : new DecisionBar($"{input} → {node}", Text("winner") ?? "", first.Value, Text("runner_up") ?? "", second.Value,
                Text("chosen"), edge["decided"] is JsonValue value && value.TryGetValue<bool>(out var decided) && decided);

        double? Number(string key) => MetricRecord.Decode(edge[key]);

        string? Text(string key) => edge[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
