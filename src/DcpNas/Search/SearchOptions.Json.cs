using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Search;

public sealed partial record SearchOptions
{
    /// <summary>Options that may differ when a run is resumed, because they change nothing that it computes.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } = ["data", "workers", "checkpoint_minutes"];

    /// <summary>The keys of options files, in the order of the properties.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. new SearchOptions().ToJson().Select(entry => entry.Key)];

    /// <summary>Reads options from a file: JSON with comments, keys in snake_case; what it leaves out keeps its default.</summary>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind.</exception>
    public static SearchOptions Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the options file cannot be read ({error.Message}). Name an existing JSON file with --config.", error);
        }

        return FromJson(text, path);
    }

    /// <summary>Reads options from the text of a file.</summary>
    public static SearchOptions FromJson(string text, string source)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw new InputException($"{source}: at line 1, expected an object of options but found another JSON value. Write {{ \"epochs\": 50 }}.");
        }
        catch (JsonException error)
        {
            throw InputException.InFile(source, $"line {error.LineNumber + 1}", "JSON", $"something else ({error.Message})", "Correct the file.", error);
        }

        var problems = new List<string>();
        var known = new JsonObject();
        foreach (var (key, value) in json)
        {
            if (!Keys.Contains(key))
            {
                problems.Add($"unknown key '{key}'; did you mean '{Nearest.Of(key, Keys)}'? Known keys: {string.Join(", ", Keys)}.");
                continue;
            }

            var single = new JsonObject { [key] = value?.DeepClone() };
            try
            {
                single.Deserialize<SearchOptions>(SearchJson.Format);
                known[key] = value?.DeepClone();
            }
            catch (JsonException)
            {
                problems.Add($"{key} must be {Expectation(key)}, got {value?.ToJsonString() ?? "null"}.");
            }
        }

        return problems.Count == 0 ? known.Deserialize<SearchOptions>(SearchJson.Format)! : throw new OptionsException(source, problems);
    }

    /// <summary>Every value, defaults included, so that the run can be repeated from the file alone.</summary>
    public JsonObject ToJson() => (JsonObject)JsonSerializer.SerializeToNode(this, SearchJson.Format)!;

    private static string Expectation(string key)
    {
        var property = typeof(SearchOptions).GetProperties().Single(candidate => JsonNamingPolicy.SnakeCaseLower.ConvertName(candidate.Name) == key);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}"
            : type == typeof(bool) ? "true or false"
            : type == typeof(int) ? "a whole number"
            : type == typeof(double) ? "a number"
            : "a text";
    }
}
