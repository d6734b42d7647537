using System.CommandLine;
using System.Reflection;

namespace DcpNas.Cli.Options;

/// <summary>Every value of an options record as an option of a command; the command line beats the file, the file beats the default.</summary>
/// <typeparam name="T">The record; its defaults are those of <c>new T()</c>.</typeparam>
internal sealed class OptionSet<T>
    where T : notnull, new()
{
    private static readonly T Defaults = new();
    private static readonly NullabilityInfoContext Nullability = new();
    private readonly IReadOnlyList<(PropertyInfo Property, Option<string?> Option)> _options =
        [.. OptionsJson.Properties<T>().Select(property => (property, Create(OptionDeclaration.Of(Defaults, property.Name))))];

    private readonly Func<string, T> _load;
    private readonly Func<string, string, T> _read;
    private readonly Option<string?> _config = new("--config") { Description = "Options file: JSON with comments, keys in snake_case", HelpName = "FILE" };

    /// <summary>Creates the options, in the order of the properties.</summary>
    /// <param name="load">Reads an options file.</param>
    /// <param name="read">Reads the text of one; the second argument says whose text it is.</param>
    public OptionSet(Func<string, T> load, Func<string, string, T> read) => (_load, _read) = (load, read);

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
    public T Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_config);
        var options = file is null ? Defaults : _load(file);
        var json = OptionsJson.Write(options);
        var problems = new List<string>();
        foreach (var (property, option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } result)
            {
                continue;
            }

            // A flag without a value means true.
            var text = result.Tokens.Count == 0 ? "true" : result.Tokens[^1].Value;
            if (OptionValue.Read(property.PropertyType, MayBeAbsent(property), option.Name, text, out var value) is { } problem)
            {
                problems.Add(problem);
            }

            json[OptionsJson.KeyOf(property)] = value;
        }

        return problems.Count == 0 ? _read(json.ToJsonString(), "command line") : throw new OptionsException("command line", problems);
    }

    private static bool MayBeAbsent(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null || Nullability.Create(property).WriteState == NullabilityState.Nullable;

    private static Option<string?> Create(OptionDeclaration declared) => new(OptionText.NameOf(declared.Key))
    {
        Description = $"{declared.Describe(OptionText.NameOf, OptionValue.Absent)} (default {OptionValue.Show(declared.Property.GetValue(Defaults))})",
        HelpName = OptionValue.Placeholder(declared.Property.PropertyType),
        Arity = declared.Property.PropertyType == typeof(bool) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };
}
