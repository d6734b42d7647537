using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Comparison;

/// <summary>Reads the section <c>rows</c> of options files.</summary>
internal static class RowDefinitionJson
{
    public const string BaseKey = "base";
    public const string SearchKey = "search";
    public const string TrainKey = "train";
    public const string CandidatesKey = "candidates";
    public const string CandidateEpochsKey = "candidate_epochs";

    private static readonly string[] Keys = [BaseKey, SearchKey, TrainKey, CandidatesKey, CandidateEpochsKey];

    /// <summary>The rows by name, in the order of the file.</summary>
    /// <param name="node">The section; null where there is none.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static IReadOnlyDictionary<string, RowDefinition> Read(JsonNode? node, List<string> problems)
    {
        var rows = new OrderedDictionary<string, RowDefinition>(StringComparer.Ordinal);
        if (node is not JsonObject section)
        {
            if (node is not null)
            {
                problems.Add($"rows must be an object of rows by name, as {{ \"lambda_5\": {{ \"base\": \"dcp\", \"search\": {{ \"lambda\": 5 }} }} }}, got {node.ToJsonString()}.");
            }

            return rows;
        }

        foreach (var (name, value) in section)
        {
            if (Row(name, value, problems) is { } row)
            {
                rows[name] = row;
            }
        }

        return rows;
    }

    private static RowDefinition? Row(string name, JsonNode? node, List<string> problems)
    {
        if (node is JsonValue text && text.TryGetValue<string>(out var only))
        {
            return new RowDefinition(only); // "mine": "my-genotype.json"
        }

        if (node is not JsonObject row || row[BaseKey] is not JsonValue place || !place.TryGetValue<string>(out var @base))
        {
            problems.Add($"rows.{name} must be an object with the key base, a row or a genotype, got {node?.ToJsonString() ?? "null"}.");
            return null;
        }

        var before = problems.Count;
        problems.AddRange(row.Select(entry => entry.Key).Where(key => !Keys.Contains(key))
            .Select(key => $"rows.{name}: unknown key '{key}'.{Nearest.Hint(key, Keys)} Known keys: {string.Join(", ", Keys)}."));
        var definition = new RowDefinition(@base)
        {
            Search = Section(SearchKey),
            Train = Section(TrainKey),
            Candidates = Number(CandidatesKey),
            CandidateEpochs = Number(CandidateEpochsKey),
        };
        return problems.Count == before ? definition : null;

        JsonObject Section(string key)
        {
            if (row[key] is not JsonObject options)
            {
                if (row[key] is { } other)
                {
                    problems.Add($"rows.{name}.{key} must be an object of options, got {other.ToJsonString()}.");
                }

                return [];
            }

            return (JsonObject)options.DeepClone();
        }

        int? Number(string key)
        {
            if (row[key] is not { } number)
            {
                return null;
            }

            if (number is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var whole))
            {
                return whole;
            }

            problems.Add($"rows.{name}.{key} must be a whole number, got {number.ToJsonString()}.");
            return null;
        }
    }
}
