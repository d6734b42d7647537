using System.Text.Json.Nodes;
using DcpNas.Runtime;

namespace DcpNas.Export;

/// <summary>How good a packed model is on test images.</summary>
/// <param name="Model">The model.</param>
/// <param name="Dataset">The honest name of the data.</param>
/// <param name="Mode">What it computed with.</param>
/// <param name="Images">How many images; of embeddings: queries.</param>
/// <param name="Measures">The measures of its task by their names, the first of which is what networks of the task are compared by.</param>
public sealed record PackedEvaluationOutcome(string Model, string Dataset, NumericMode Mode, int Images, IReadOnlyList<KeyValuePair<string, double>> Measures)
{
    /// <summary>The same for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["dataset"] = Dataset,
        ["split"] = "test",
        ["mode"] = Mode.ToString().ToLowerInvariant(),
        ["images"] = Images,
        ["measures"] = new JsonObject(Measures.Select(measure => KeyValuePair.Create(measure.Key, (JsonNode?)measure.Value))),
    };
}
