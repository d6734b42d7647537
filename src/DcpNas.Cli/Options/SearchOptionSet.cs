using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using DcpNas.Search;

namespace DcpNas.Cli.Options;

/// <summary>Every value of <see cref="SearchOptions"/> as an option of a command; the command line beats the file, the file beats the default.</summary>
internal sealed class SearchOptionSet
{
    private static readonly SearchOptions Defaults = new();
    private readonly List<(PropertyInfo Property, Option<string?> Option)> _options;
    private readonly Option<string?> _config = new("--config") { Description = "Options file: JSON with comments, keys in snake_case", HelpName = "FILE" };

    /// <summary>Creates the options, in the order of the properties.</summary>
    public SearchOptionSet() => _options = [.. Properties().Select(property => (property, Create(property)))];

    /// <summary>The properties that options files may set.</summary>
    public static IEnumerable<PropertyInfo> Properties() =>
        typeof(SearchOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        foreach (var (_, option) in _options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options that a command line asks for.</summary>
    /// <exception cref="OptionsException">Values cannot be read; all of them are named.</exception>
    public SearchOptions Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_config);
        var options = file is null ? Defaults : SearchOptions.Load(file);
        var json = options.ToJson();
        var problems = new List<string>();
        foreach (var (property, option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } result)
            {
                continue;
            }

            // A flag without a value means true.
            var text = result.Tokens.Count == 0 ? "true" : result.Tokens[^1].Value;
            if (OptionValue.Read(property.PropertyType, option.Name, text, out var value) is { } problem)
            {
                problems.Add(problem);
            }

            json[JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] = value;
        }

        return problems.Count == 0 ? SearchOptions.FromJson(json.ToJsonString(), "command line") : throw new OptionsException("command line", problems);
    }

    private static Option<string?> Create(PropertyInfo property)
    {
        var text = SearchOptionHelp.Texts[property.Name];
        return new Option<string?>($"--{JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name)}")
        {
            Description = $"{text} (default {OptionValue.Show(property.GetValue(Defaults))})",
            HelpName = OptionValue.Placeholder(property.PropertyType),
            Arity = property.PropertyType == typeof(bool) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
    }
}
