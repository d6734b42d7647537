using System.CommandLine;
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
        Description = $"Rows, separated by commas: {string.Join(", ", ComparisonStrategies.Names)}, or published genotypes (default {string.Join(',', Defaults.Strategies)})",
        HelpName = "NAMES",
    };

    private readonly Option<string[]> _rows = new("--row")
    {
        Description = "A row of your own: a base (a row, a preset, a genotype file) and what differs, as lambda_5=dcp,search.lambda=5 or mine=genotype.json; may be repeated",
        HelpName = "NAME=BASE,KEY=VALUE",
    };

    private readonly Option<string?> _primary = new("--primary") { Description = OptionText.Of(Defaults, nameof(ComparisonOptions.Primary)), HelpName = "NAME" };
    private readonly Option<string?> _seeds = new("--seeds") { Description = $"{OptionText.Of(Defaults, nameof(ComparisonOptions.Seeds))}; separated by commas", HelpName = "N,N" };
    private readonly Option<string?> _searchSeeds = new("--search-seeds") { Description = OptionText.Of(Defaults, nameof(ComparisonOptions.SearchSeeds)), HelpName = "N,N" };
    private readonly Option<string?> _trainSeeds = new("--train-seeds")
    {
        Description = OptionText.Of(Defaults, nameof(ComparisonOptions.TrainSeeds)),
        HelpName = "N,N",
    };

    private readonly Option<string?> _target = new("--target-ops")
    {
        Description = $"{OptionDeclaration.Of(Defaults, nameof(ComparisonOptions.TargetOps)).Describe(OptionText.NameOf, OptionValue.Absent)} (default none)",
        HelpName = "X",
    };

    private readonly Option<bool?> _equalOps = new("--equal-ops")
    {
        Description = OptionText.Of(Defaults, nameof(ComparisonOptions.EqualOps)),
        HelpName = "true|false",
    };

    private readonly Option<string?> _population = new("--population")
    {
        Description = OptionText.Of(Defaults, nameof(ComparisonOptions.Population)),
        HelpName = "FILE",
    };

    private readonly Option<bool> _rank = new("--rank")
    {
        Description = OptionText.Of(Defaults, nameof(ComparisonOptions.Rank)),
    };

    private readonly Option<string?> _tolerance = new("--ops-tolerance")
    {
        Description = OptionText.Of(Defaults, nameof(ComparisonOptions.OpsTolerance)),
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
        foreach (var option in (Option[])[_config, _strategies, _rows, _primary, _seeds, _searchSeeds, _trainSeeds, _target, _equalOps, _tolerance, _population, _rank, _data, _values])
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

        foreach (var text in parsed.GetValue(_rows) ?? [])
        {
            Row(text);
        }

        if (parsed.GetValue(_population) is { } population)
        {
            json["population"] = population;
        }

        if (parsed.GetValue(_rank))
        {
            json["rank"] = true;
        }

        if (parsed.GetValue(_equalOps) is { } equalOps)
        {
            json["equal_ops"] = equalOps;
        }

        if (parsed.GetValue(_primary) is { } primary)
        {
            json["primary"] = primary;
        }

        if (parsed.GetValue(_seeds) is not null && parsed.GetValue(_searchSeeds) is not null)
        {
            problems.Add("--seeds must be absent where --search-seeds are given: they stand for both.");
        }

        // The command line beats the file, whichever of the two it names.
        Seeds(_seeds, "seeds", instead: "search_seeds");
        Seeds(_searchSeeds, "search_seeds", instead: "seeds");
        Seeds(_trainSeeds, "train_seeds", instead: null);
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

        void Seeds(Option<string?> option, string key, string? instead)
        {
            if (parsed.GetValue(option) is { } seeds)
            {
                json[key] = new JsonArray([.. Parts(seeds).Select(part => OptionValue.Read(typeof(int), mayBeAbsent: false, option.Name, part, out var value) is { } problem ? Refuse(problem) : value)]);
                if (instead is not null)
                {
                    json.Remove(instead);
                }
            }
        }

        void Row(string text)
        {
            var parts = RowParts(text);
            var (name, @base) = parts[0].Split('=', 2) is [{ Length: > 0 } first, { Length: > 0 } second] ? (first, second) : (null, null);
            if (name is null || parts.Skip(1).Any(part => part.Split('=', 2) is not [{ Length: > 0 }, _]))
            {
                problems.Add($"--row must be NAME=BASE or NAME=BASE,KEY=VALUE, as lambda_5=dcp,search.lambda=5, got '{text}'.");
                return;
            }

            var row = new JsonObject { ["base"] = @base };
            foreach (var part in parts.Skip(1))
            {
                Set(row, part, "--row");
            }

            if (json["rows"] is not JsonObject rows)
            {
                json["rows"] = rows = [];
            }

            rows[name] = row;
        }

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

        void Set(JsonObject target, string text, string option = "--set")
        {
            var parts = text.Split('=', 2);
            var keys = parts[0].Split('.');
            if (parts.Length < 2 || keys.Length > 2 || keys.Any(key => key.Length == 0))
            {
                problems.Add($"{option} must be KEY=VALUE with at most one dot in the key, as search.epochs=3, got '{text}'.");
                return;
            }

            if (keys.Length == 2)
            {
                target = target[keys[0]] as JsonObject ?? (JsonObject)(target[keys[0]] = new JsonObject());
            }

            target[keys[^1]] = ValueOf(parts[1]);
        }
    }

    /// <summary>Splits at commas, but not at those within the brackets of a genotype.</summary>
    private static List<string> RowParts(string text)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at == text.Length || (text[at] == ',' && depth == 0))
            {
                parts.Add(text[start..at].Trim());
                start = at + 1;
            }
            else
            {
                depth += text[at] == '[' ? 1 : text[at] == ']' ? -1 : 0;
            }
        }

        return parts;
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
}
