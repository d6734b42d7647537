using System.Text.Json.Nodes;

namespace DcpNas.Runs;

/// <summary>What a report says about <c>genotype.json</c>, read as plain data; anything unexpected is shown as it stands.</summary>
internal sealed class GenotypeSketch
{
    private readonly JsonObject _json;

    public GenotypeSketch(JsonObject json) => _json = json;

    /// <summary>One line per cell, as <c>normal: n2[sep_conv_3x3&lt;-0, max_pool_3x3&lt;-1] ...</c>; the JSON if it has another form.</summary>
    public string Text
    {
        get
        {
            var cells = ((string[])["normal", "reduction"]).Select(cell => (Name: cell, Nodes: Nodes(cell))).ToList();
            return cells.All(cell => cell.Nodes is not null)
                ? string.Join('\n', cells.Select(cell => $"{cell.Name + ":",-10} {string.Join(' ', cell.Nodes!.Select(Describe))}"))
                : JsonFiles.Format(_json).TrimEnd();
        }
    }

    /// <summary>A text of the provenance, or null.</summary>
    public string? Provenance(string key) => (_json["provenance"] as JsonObject)?[key] is { } value ? JsonFiles.Show(value) : null;

    /// <summary>The rows of alpha that a cell keeps; node by node, inputs ascending.</summary>
    public HashSet<int> Kept(string cell)
    {
        var kept = new HashSet<int>();
        foreach (var (edges, index) in (Nodes(cell) ?? []).Select((edges, index) => (edges, index)))
        {
            var first = (index * (index + 3)) / 2; // edges into the nodes before: 2 + 3 + ... + (index + 1)
            kept.UnionWith(edges.Select(edge => first + edge.Input));
        }

        return kept;
    }

    private static string Describe(List<(string Operation, int Input)> edges, int index) =>
        $"n{index + 2}[{string.Join(", ", edges.Select(edge => $"{edge.Operation}<-{edge.Input}"))}]";

    private List<List<(string Operation, int Input)>>? Nodes(string cell)
    {
        if ((_json[cell] as JsonObject)?["nodes"] is not JsonArray nodes)
        {
            return null;
        }

        var result = new List<List<(string Operation, int Input)>>();
        foreach (var node in nodes)
        {
            var edges = ((node as JsonObject)?["edges"] as JsonArray)?.Select(Edge).ToList();
            if (edges is null || edges.Contains(null))
            {
                return null;
            }

            result.Add([.. edges.Select(edge => edge!.Value)]);
        }

        return result;
    }

    private static (string Operation, int Input)? Edge(JsonNode? node) =>
        node is JsonObject edge && edge["operation"] is JsonValue name && name.TryGetValue<string>(out var operation)
        && edge["input"] is JsonValue place && place.TryGetValue<int>(out var input)
            ? (operation, input)
            : null;
}
