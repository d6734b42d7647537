using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Search;
using DcpNas.Tasks.Classification;

namespace DcpNas.Comparison;

/// <content>Options files: JSON with comments, keys in snake_case, with the sections <c>search</c> and <c>train</c>.</content>
public sealed partial record ComparisonOptions
{
    internal const string StrategiesKey = "strategies";
    internal const string RowsKey = "rows";
    internal const string PrimaryKey = "primary";
    private const string SeedsKey = "seeds";
    private const string SearchSeedsKey = "search_seeds";
    private const string TrainSeedsKey = "train_seeds";
    private const string TargetKey = "target_ops";
    internal const string EqualOpsKey = "equal_ops";
    private const string ToleranceKey = "ops_tolerance";
    private const string PopulationKey = "population";
    private const string RankKey = "rank";
    private const string SearchKey = "search";
    private const string TrainKey = "train";

    /// <summary>The keys of options files.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        [StrategiesKey, RowsKey, PrimaryKey, SeedsKey, SearchSeedsKey, TrainSeedsKey, TargetKey, EqualOpsKey, ToleranceKey, PopulationKey, RankKey, SearchKey, TrainKey];

    /// <summary>
    /// Options that may differ when a comparison is resumed: rows and seeds can be added, because finished jobs keep their folders; the others change nothing
    /// that is computed.
    /// </summary>
    public static IReadOnlyCollection<string> MayChange { get; } =
    [
        .. OptionDeclaration.KeysThatMayChange(typeof(ComparisonOptions)),
        .. SearchOptions.MayChange.Select(key => $"{SearchKey}.{key}"), .. TrainOptions.MayChange.Select(key => $"{TrainKey}.{key}"),
    ];

    /// <summary>Reads options from a file; what it leaves out keeps its default.</summary>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind.</exception>
    public static ComparisonOptions Load(string path) => FromJson(OptionsJson.ReadText(path), path);

    /// <summary>Reads options from the text of a file.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="source">What messages call it.</param>
    public static ComparisonOptions FromJson(string text, string source)
    {
        var json = ParseObject(text, source);
        var problems = OptionsJson.WithCurrentKeys(typeof(ComparisonOptions), json);
        string[] unknown = [.. json.Select(entry => entry.Key).Where(key => !Keys.Contains(key))];
        problems.AddRange(unknown.Select(key => $"unknown key '{key}'.{Nearest.Hint(key, Keys)}"));

        var defaults = new ComparisonOptions();
        var options = new ComparisonOptions
        {
            Strategies = Read(StrategiesKey, defaults.Strategies, "a list of texts"),
            Rows = RowDefinitionJson.Read(json[RowsKey], problems),
            Primary = Read<string?>(PrimaryKey, null, "a text"),
            Seeds = json[SearchSeedsKey] is null ? Read(SeedsKey, defaults.Seeds, "a list of whole numbers") : defaults.Seeds,
            SearchSeeds = Read<IReadOnlyList<int>?>(SearchSeedsKey, null, "a list of whole numbers"),
            TrainSeeds = Read<IReadOnlyList<int>?>(TrainSeedsKey, null, "a list of whole numbers"),
            TargetOps = Read(TargetKey, defaults.TargetOps, "a number"),
            EqualOps = Read(EqualOpsKey, defaults.EqualOps, "true or false"),
            Population = Read<string?>(PopulationKey, null, "a text"),
            Rank = Read(RankKey, defaults.Rank, "true or false"),
            OpsTolerance = Read(ToleranceKey, defaults.OpsTolerance, "a number"),
            Search = Section(SearchKey, SearchOptions.FromJson, defaults.Search),
            Train = Section(TrainKey, TrainOptions.FromJson, defaults.Train),
        };
        if (json[SearchSeedsKey] is not null && json[SeedsKey] is not null)
        {
            problems.Add("seeds must be absent where search_seeds are given: they stand for both.");
        }

        if (unknown.Length > 0)
        {
            problems.Add($"known keys: {string.Join(", ", Keys)}.");
        }

        return problems.Count == 0 ? options : throw new OptionsException(source, problems);

        T Read<T>(string key, T value, string expectation)
        {
            if (!json.TryGetPropertyValue(key, out var node))
            {
                return value;
            }

            try
            {
                return node is null && value is not null ? throw new JsonException() : node.Deserialize<T>()!;
            }
            catch (JsonException)
            {
                problems.Add($"{key} must be {expectation}, got {node?.ToJsonString() ?? "null"}.");
                return value;
            }
        }

        T Section<T>(string key, Func<string, string, T> read, T value)
        {
            if (!json.TryGetPropertyValue(key, out var node))
            {
                return value;
            }

            if (node is not JsonObject section)
            {
                problems.Add($"{key} must be an object of options, got {node?.ToJsonString() ?? "null"}.");
                return value;
            }

            try
            {
                return read(section.ToJsonString(), source);
            }
            catch (OptionsException error)
            {
                problems.AddRange(error.Problems.Select(problem => $"{key}: {problem}"));
                return value;
            }
        }
    }

    /// <summary>Every value, defaults included.</summary>
    public JsonObject ToJson() => new()
    {
        [StrategiesKey] = JsonSerializer.SerializeToNode(Strategies),
        [RowsKey] = new JsonObject(Rows.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value.ToJson()))),
        [PrimaryKey] = Primary,
        [SeedsKey] = SearchSeeds is null ? JsonSerializer.SerializeToNode(Seeds) : null,
        [SearchSeedsKey] = JsonSerializer.SerializeToNode(SearchSeeds),
        [TrainSeedsKey] = JsonSerializer.SerializeToNode(TrainSeeds),
        [TargetKey] = TargetOps,
        [EqualOpsKey] = EqualOps,
        [ToleranceKey] = OpsTolerance,
        [PopulationKey] = Population,
        [RankKey] = Rank,
        [SearchKey] = Search.ToJson(),
        [TrainKey] = Train.ToJson(),
    };

    private static JsonObject ParseObject(string text, string source)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw new InputException($"{source}: at line 1, expected an object of options but found another JSON value. Write {{ \"seeds\": [0, 1, 2] }}.");
        }
        catch (JsonException error)
        {
            throw InputException.InFile(source, JsonFault.Place(error), "JSON", $"something else ({JsonFault.Reason(error)})", "Correct the file.", error);
        }
    }
}
