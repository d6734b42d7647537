using System.Text.Json.Nodes;
using DcpNas.Runs;

namespace DcpNas.Search;

public sealed partial record SearchOptions
{
    private const string Example = "{ \"epochs\": 50 }";

    /// <summary>Options that may differ when a run is resumed, because they change nothing that it computes.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } = OptionDeclaration.KeysThatMayChange(typeof(SearchOptions));

    /// <summary>What options meant in runs that were begun before they existed, so that such a run resumes with these values or is refused by their names.</summary>
    public static JsonObject BeforeExisting => new()
    {
        ["normalize_candidates"] = false,
        ["weight_optimizer"] = "sgd",
        ["restarts"] = new SearchOptions().Restarts,
        ["shards"] = new SearchOptions().Shards,
        ["weight_paths"] = "mixed",
        ["alpha_paths"] = "mixed",
        ["selection"] = "argmax",
        ["selection_score"] = "loss",
        ["selection_candidates"] = new SearchOptions().SelectionCandidates,
        ["alpha_travel"] = new SearchOptions().AlphaTravel, // their architecture_rate is always there and overrides it
        ["alpha_interval"] = new SearchOptions().AlphaInterval,
        ["tangent_share"] = new SearchOptions().TangentShare, // likewise lambda
        ["max_flash"] = null,
        ["max_ram"] = null,
        ["max_instructions"] = null,
        ["core"] = null,
        ["shortcuts"] = null,
        ["stem"] = "cifar",
        ["final_stem"] = "cifar",
        ["final_stem_multiplier"] = 3,
    };

    /// <summary>The keys of options files, in the order of the properties.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. OptionsJson.Properties<SearchOptions>().Select(OptionsJson.KeyOf)];

    /// <summary>Reads options from a file: JSON with comments, keys in snake_case; what it leaves out keeps its default.</summary>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind.</exception>
    public static SearchOptions Load(string path) => OptionsJson.Load<SearchOptions>(path, Example);

    /// <summary>Reads options from the text of a file.</summary>
    public static SearchOptions FromJson(string text, string source) => OptionsJson.Read<SearchOptions>(text, source, Example);

    /// <summary>The options of the search in a run folder.</summary>
    /// <exception cref="InputException">It holds another run.</exception>
    public static SearchOptions Of(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Options.ContainsKey("strategy")
            ? FromJson(run.Options.ToJsonString(), run.PathOf(RunFiles.Options))
            : throw InputException.InFile(run.Path, RunFiles.Options, "the options of a search", "those of another run", "Name the run folder of a search.");
    }

    /// <summary>Every value, defaults included, so that the run can be repeated from the file alone.</summary>
    public JsonObject ToJson() => OptionsJson.Write(this);
}
