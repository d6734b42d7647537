using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Comparison;

namespace DcpNas.Cli.Options;

/// <summary>The options of <c>compare</c>; the command line beats the file, the file beats the default. Nested values by <c>--set search.epochs=3</c>.</summary>
internal sealed class CompareOptionSet
{
    private static readonly ComparisonOptions Defaults = new();
    private readonly Option<string?> _config = new("--config") { Description = "Options file: JSON with comments, with the sections search and train", HelpName = "FILE" };
    private readonly Option<string?> _strategies = new("--strategies")
    {
        Description = $"Rows, separated by commas: {string.Join(", ", ComparisonStrategies.Names)} (default {string.Join(',', Defaults.Strategies)})",
        HelpName = "NAMES",
    };

    private readonly Option<string?> _seeds = new("--seeds") { Description = $"Seeds, separated by commas (default {string.Join(',', Defaults.Seeds)})", HelpName = "N,N" };
    private readonly Option<string?> _target = new("--target-ops")
    {
        Description = "OPs that every trained network comes near to, as 20M; none = the mean of 100 random genotypes (default none)",
        HelpName = "X",
    };

    private readonly Option<string?> _tolerance = new("--ops-tolerance")
    {
        Description = Invariant($"Share of the target beyond which a network is marked (default {Defaults.OpsTolerance})"),
        HelpName = "X",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Folder of the data set, of searches and trainings alike; without it DCPNAS_DATA, then .data",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _values = new("--set")
    {
        Description = "Any other value by its place in the file, as search.epochs=3 or train.epochs=20; may be repeated",
        HelpName = "KEY=VALUE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_config, _strategies, _seeds, _target, _tolerance, _data, _values])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options that a command line asks for.</summary>
    /// <exception cref="OptionsException">Values cannot be read; all of them are named.</exception>
    public ComparisonOptions Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_config);
        var json = file is null ? new JsonObject() : ComparisonOptions.Load(file).ToJson();
        var problems = new List<string>();
        if (parsed.GetValue(_strategies) is { } strategies)
        {
            json["strategies"] = new JsonArray([.. Parts(strategies).Select(name => JsonValue.Create(name))]);
        }

        if (parsed.GetValue(_seeds) is { } seeds)
        {
            json["seeds"] = new JsonArray([.. Parts(seeds).Select(part => OptionValue.Read(typeof(int), mayBeAbsent: false, "--seeds", part, out var value) is { } problem ? Refuse(problem) : value)]);
        }

        Number(_target, "target_ops", typeof(double?));
        Number(_tolerance, "ops_tolerance", typeof(double));
        if (parsed.GetValue(_data) is { } data)
        {
            foreach (var section in (string[])["search", "train"])
            {
                Set(json, $"{section}.data={JsonValue.Create(data).ToJsonString()}");
            }
        }

        foreach (var text in parsed.GetValue(_values) ?? [])
        {
            Set(json, text);
        }

        return problems.Count == 0 ? ComparisonOptions.FromJson(json.ToJsonString(), "command line") : throw new OptionsException("command line", problems);

        void Number(Option<string?> option, string key, Type type)
        {
            if (parsed.GetValue(option) is { } text)
            {
                json[key] = OptionValue.Read(type, mayBeAbsent: type == typeof(double?), option.Name, text, out var value) is { } problem ? Refuse(problem) : value;
            }
        }

        JsonNode? Refuse(string problem)
        {
            problems.Add(problem);
            return null;
        }

        void Set(JsonObject target, string text)
        {
            var parts = text.Split('=', 2);
            var keys = parts[0].Split('.');
            if (parts.Length < 2 || keys.Length > 2 || keys.Any(key => key.Length == 0))
            {
                problems.Add($"--set must be KEY=VALUE with at most one dot in the key, as search.epochs=3, got '{text}'.");
                return;
            }

            if (keys.Length == 2)
            {
                target = target[keys[0]] as JsonObject ?? (JsonObject)(target[keys[0]] = new JsonObject());
            }

            target[keys[^1]] = ValueOf(parts[1]);
        }
    }

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A number, true, false, null (also none) or a list as JSON reads it; anything else is a text.</summary>
    private static JsonNode? ValueOf(string text)
    {
        if (text is "none" or "null")
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
