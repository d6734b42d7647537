using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.SearchSpace;

/// <summary>Reads and writes the section <c>decision</c> of a genotype file; what follows from its numbers is computed again, not believed.</summary>
internal static class GenotypeDecisionJson
{
    private const string Remedy = "Leave the section as the search wrote it, or remove it.";

    /// <summary>Writes the section, an edge per line.</summary>
    public static void Write(Utf8JsonWriter writer, GenotypeDecision decision) => WriteObject(writer, "decision", decision.ToJson());

    /// <exception cref="InputException">It is not as <see cref="GenotypeDecision.ToJson"/> writes it.</exception>
    public static GenotypeDecision Read(GenotypeJsonReader reader, JsonElement element, Genotype genotype)
    {
        var keys = reader.Object(element, "decision", required: ["normal", "reduction"], optional: ["decided", "summary", "uniform"]);
        return new GenotypeDecision(
            ReadCell(reader, keys["normal"], "decision.normal", genotype.Normal), ReadCell(reader, keys["reduction"], "decision.reduction", genotype.Reduction));
    }

    private static void WriteObject(Utf8JsonWriter writer, string name, JsonObject json)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in json)
        {
            switch (value)
            {
                case JsonObject inner:
                    WriteObject(writer, key, inner);
                    break;
                case JsonArray lines:
                    var indent = new string(' ', 2 * (writer.CurrentDepth + 1)); // the writer itself breaks no line between raw values
                    writer.WritePropertyName(key);
                    writer.WriteRawValue($"[\n{string.Join(",\n", lines.Select(line => indent + line!.ToJsonString()))}\n{indent[2..]}]");
                    break;
                default:
                    writer.WritePropertyName(key);
                    value!.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static CellDecision ReadCell(GenotypeJsonReader reader, JsonElement element, string place, CellGenotype cell)
    {
        var keys = reader.Object(element, place, required: ["edges"], optional: ["decided", "decided_edges", "kept_edges", "mean_probability"]);
        var edges = keys["edges"];
        if (edges.ValueKind != JsonValueKind.Array || edges.GetArrayLength() != CellTopology.EdgeCount)
        {
            throw reader.Fault($"{place}.edges", $"a list of {CellTopology.EdgeCount}", GenotypeJsonReader.Name(edges), Remedy);
        }

        var chosen = cell.Edges().ToDictionary(edge => edge.EdgeIndex, edge => edge.Edge.Operation);
        return new CellDecision([.. edges.EnumerateArray().Select((edge, index) => ReadEdge(reader, edge, $"{place}.edges[{index}]", index, chosen.GetValueOrDefault(index)))]);
    }

    private static EdgeDecision ReadEdge(GenotypeJsonReader reader, JsonElement element, string place, int index, string? chosen)
    {
        var keys = reader.Object(element, place,
            required: ["node", "input", "winner", "probability", "runner_up", "runner_up_probability"],
            optional: ["margin_over_uniform", "margin_over_runner_up", "decided", "chosen"]);
        var (node, input) = CellTopology.EndsOf(index);
        Expect("node", reader.Whole(keys["node"], $"{place}.node"), node);
        Expect("input", reader.Whole(keys["input"], $"{place}.input"), input);
        var kept = keys.TryGetValue("chosen", out var choice) ? reader.Text(choice, $"{place}.chosen") : null;
        if (kept != chosen)
        {
            throw reader.Fault($"{place}.chosen", chosen is null ? "no such key, because the cell does not keep this edge" : $"'{chosen}', which the cell holds", kept is null ? "none" : $"'{kept}'", Remedy);
        }

        return new EdgeDecision(node, input, Operation("winner"), Probability("probability"), Operation("runner_up"), Probability("runner_up_probability"), chosen);

        void Expect(string key, long found, int expected)
        {
            if (found != expected)
            {
                throw reader.Fault($"{place}.{key}", expected.ToString(CultureInfo.InvariantCulture), found.ToString(CultureInfo.InvariantCulture), Remedy);
            }
        }

        string Operation(string key)
        {
            var name = reader.Text(keys[key], $"{place}.{key}");
            return GenotypeRules.OperationFault(name) is { } fault ? throw reader.Fault($"{place}.{key}", fault.Expected, fault.Found, fault.Remedy) : name;
        }

        double Probability(string key) =>
            keys[key].ValueKind == JsonValueKind.Number && keys[key].TryGetDouble(out var number) && number is >= 0 and <= 1
                ? number
                : throw reader.Fault($"{place}.{key}", "a number from 0 to 1", GenotypeJsonReader.Name(keys[key]), Remedy);
    }
}
