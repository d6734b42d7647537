using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Foundation;

/// <summary>The JSON files of a run folder.</summary>
internal static class JsonFiles
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Indented text with a line end.</summary>
    public static string Format(JsonNode node) => node.ToJsonString(Indented) + "\n";

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="InputException">The file cannot be opened or holds something else.</exception>
    public static JsonObject ReadObject(string path)
    {
        using var stream = InputFile.OpenRead(path);
        try
        {
            return JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw InputException.InFile(path, "line 1", "a JSON object", "another value", "Restore the file.");
        }
        catch (JsonException error)
        {
            throw InputException.InFile(
                path, $"line {error.LineNumber + 1}", "a JSON object", "broken JSON", "Restore the file, or use another run folder.", error);
        }
    }

    /// <summary>The leaves of an object by their dotted keys; arrays count as leaves.</summary>
    public static SortedDictionary<string, JsonNode?> Flatten(JsonObject value)
    {
        var leaves = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        Collect("", value);
        return leaves;

        void Collect(string prefix, JsonObject branch)
        {
            foreach (var (key, node) in branch)
            {
                if (node is JsonObject { Count: > 0 } child)
                {
                    Collect($"{prefix}{key}.", child);
                }
                else
                {
                    leaves[prefix + key] = node;
                }
            }
        }
    }

    /// <summary>The leaves in which two objects differ, by their dotted keys in order; what one of them lacks is "absent".</summary>
    /// <param name="there">One object.</param>
    /// <param name="here">The other.</param>
    /// <param name="mayDiffer">Dotted keys that are passed over.</param>
    public static IEnumerable<(string Key, string There, string Here)> Differences(JsonObject there, JsonObject here, IReadOnlyCollection<string> mayDiffer)
    {
        var (one, other) = (Flatten(there), Flatten(here));
        return one.Keys.Union(other.Keys, StringComparer.Ordinal)
            .Where(key => !mayDiffer.Contains(key))
            .Where(key => !(one.TryGetValue(key, out var a) && other.TryGetValue(key, out var b) && JsonNode.DeepEquals(a, b)))
            .Order(StringComparer.Ordinal)
            .Select(key => (key, ShowIn(one, key), ShowIn(other, key)));

        static string ShowIn(SortedDictionary<string, JsonNode?> leaves, string key) => leaves.TryGetValue(key, out var leaf) ? Show(leaf) : "absent";
    }

    /// <summary>A leaf as a person would write it.</summary>
    public static string Show(JsonNode? leaf) =>
        leaf is null ? "null" : leaf is JsonValue value && value.TryGetValue<string>(out var text) ? text : leaf.ToJsonString();
}
