using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using System.Text.Json.Nodes;

namespace DcpNas.Cli.Options;

/// <summary>Every value of an options record as an option of a command; the command line beats the file, the file beats the default.</summary>
/// <typeparam name="T">The record; its defaults are those of <c>new T()</c>.</typeparam>
/// <param name="load">Reads an options file.</param>
/// <param name="read">Reads the text of one; the second argument says whose text it is.</param>
/// <param name="without">Keys that are no options of the command.</param>
internal sealed class OptionSet<T>(Func<string, T> load, Func<string, string, T> read, params string[] without)
    where T : notnull, new()
{
    private readonly OptionSet _values = new([new OptionSet.Variant("", new T(), (text, source) => read(text, source))], without);
    private readonly Option<string?> _config = OptionSet.Config();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        _values.AddTo(command);
    }

    /// <summary>The options that a command line asks for.</summary>
    /// <exception cref="OptionsException">Values cannot be read; all of them are named.</exception>
    public T Read(ParseResult parsed) => (T)_values.Read(parsed, "", parsed.GetValue(_config) is { } file ? OptionsJson.Write(load(file)) : null);
}

/// <summary>The values of one or more records as options of a command. An option that several records have is one option, which each reads in its own way.</summary>
internal sealed class OptionSet
{
    private static readonly NullabilityInfoContext Nullability = new();
    private readonly IReadOnlyList<Variant> _variants;
    private readonly Dictionary<string, Option<string?>> _options = [];
    private readonly Dictionary<string, Option<string?>> _former = [];
    private readonly HashSet<string> _without;

    /// <summary>Creates the options, in the order of the records and their properties.</summary>
    /// <param name="variants">The records.</param>
    /// <param name="without">Keys that are no options of the command.</param>
    public OptionSet(IReadOnlyList<Variant> variants, params IEnumerable<string> without)
    {
        (_variants, _without) = (variants, [.. without]);
        var former = new Dictionary<string, string>();
        foreach (var variant in variants)
        {
            foreach (var declared in Of(variant))
            {
                var option = Create(variant, declared);
                if (declared.Formerly is { } name)
                {
                    former.TryAdd(declared.Key, name);
                }

                if (_options.TryAdd(declared.Key, option) || _options[declared.Key].Arity.Equals(option.Arity))
                {
                    continue;
                }

                throw new InvalidOperationException($"Bug in DcpNas: {option.Name} is a switch in one record and takes a value in another.");
            }
        }

        foreach (var (key, name) in former)
        {
            // A former name may be that of another record's option, which then serves both.
            _former[key] = _options.GetValueOrDefault(name)
                ?? new Option<string?>(OptionText.NameOf(name)) { Arity = _options[key].Arity, HelpName = _options[key].HelpName, Hidden = true };
        }
    }

    /// <summary>The option that names an options file.</summary>
    public static Option<string?> Config() => new("--config") { Description = "Options file: JSON with comments, keys in snake_case", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in _options.Values.Union(_former.Values))
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options but for some.</summary>
    /// <param name="keys">The keys of those.</param>
    public IEnumerable<Option> Except(IEnumerable<string> keys) => _options.ExceptBy(keys, option => option.Key).Select(option => option.Value).Concat(_former.Values.Except(_options.Values));

    /// <summary>Lets the help show the options of one record.</summary>
    /// <param name="name">The name of the record.</param>
    public void ShowOf(string name)
    {
        var variant = Named(name);
        var own = Of(variant).ToDictionary(declared => declared.Key);
        foreach (var (key, option) in _options)
        {
            option.Hidden = !own.TryGetValue(key, out var declared);
            if (declared is not null)
            {
                var described = Create(variant, declared);
                (option.Description, option.HelpName) = (described.Description, described.HelpName);
            }
        }
    }

    /// <summary>Refuses values that none of the records with these options can read, before it is known which one is meant.</summary>
    /// <exception cref="OptionsException">There are such values; all of the first record are named.</exception>
    public void ThrowIfUnreadable(ParseResult parsed)
    {
        var faults = _variants.Select(variant => Values(parsed, variant)).Where(read => read.Foreign.Count == 0).Select(read => read.Faults).ToList();
        if (faults.Count > 0 && faults.All(list => list.Count > 0))
        {
            throw new OptionsException("command line", faults[0]);
        }
    }

    /// <summary>The options that a command line asks for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">The name of the record.</param>
    /// <param name="file">The options of a file; null for the defaults.</param>
    /// <exception cref="OptionsException">Values cannot be read, or are options of another record; all of them are named.</exception>
    public object Read(ParseResult parsed, string name, JsonObject? file)
    {
        var variant = Named(name);
        var json = file ?? OptionsJson.Write(variant.Defaults);
        var (values, faults, foreign) = Values(parsed, variant);
        foreach (var (key, value) in values)
        {
            json[key] = value;
        }

        List<string> problems = [.. faults, .. foreign.Select(key => $"{OptionText.NameOf(key)} is no option of {name}, but of {string.Join(", ", OwnersOf(key))}.")];
        return problems.Count == 0 ? variant.Read(json.ToJsonString(), "command line") : throw new OptionsException("command line", problems);
    }

    private Variant Named(string name) => _variants.Single(variant => variant.Name == name);

    private IEnumerable<OptionDeclaration> Of(Variant variant) => OptionDeclaration.Of(variant.Defaults.GetType()).Where(declared => !_without.Contains(declared.Key));

    private IEnumerable<string> OwnersOf(string key) => _variants.Where(variant => Of(variant).Any(declared => declared.Key == key)).Select(variant => variant.Name);

    /// <summary>What a command line says: values by their keys, what is wrong with them, and keys that the record does not have.</summary>
    private (List<KeyValuePair<string, JsonNode?>> Values, List<string> Faults, List<string> Foreign) Values(ParseResult parsed, Variant variant)
    {
        var (values, faults, foreign) = (new List<KeyValuePair<string, JsonNode?>>(), new List<string>(), new List<string>());
        var own = Of(variant).ToDictionary(declared => declared.Key);
        foreach (var (key, option) in _options)
        {
            var declared = own.GetValueOrDefault(key);
            var alias = _former.GetValueOrDefault(key);
            if (declared?.Formerly is null && alias is not null && _options.ContainsValue(alias))
            {
                alias = null; // here that name is another option's
            }

            var (current, former) = (Given(parsed, option), alias is null ? null : Given(parsed, alias));
            if ((current ?? former) is not { } result)
            {
                continue;
            }

            if (declared is null)
            {
                if (!own.Values.Any(other => other.Formerly == key)) // else it is read as the option that was called so
                {
                    foreign.Add(key);
                }

                continue;
            }

            if (current is not null && former is not null)
            {
                faults.Add($"{option.Name} and its former name {alias!.Name} are both given. Leave {alias.Name} out.");
            }

            // A flag without a value means true.
            var text = result.Tokens.Count == 0 ? "true" : result.Tokens[^1].Value;
            if (OptionValue.Read(declared.Property.PropertyType, MayBeAbsent(declared.Property), option.Name, text, out var value, declared.Thousand) is { } problem)
            {
                faults.Add(problem);
            }

            values.Add(KeyValuePair.Create(key, value));
        }

        return (values, faults, foreign);
    }

    private static OptionResult? Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false } result ? result : null;

    private static bool MayBeAbsent(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null || Nullability.Create(property).WriteState == NullabilityState.Nullable;

    private static Option<string?> Create(Variant variant, OptionDeclaration declared) => new(OptionText.NameOf(declared.Key))
    {
        Description = $"{declared.Describe(OptionText.NameOf, OptionValue.Absent)} (default {OptionValue.Show(declared.Property.GetValue(variant.Defaults))})",
        HelpName = OptionValue.Placeholder(declared.Property.PropertyType),
        Arity = declared.Property.PropertyType == typeof(bool) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    /// <summary>A record of options.</summary>
    /// <param name="Name">Distinguishes it from the others of the command.</param>
    /// <param name="Defaults">The record with its defaults.</param>
    /// <param name="Read">Reads the text of an options file; the second argument says whose text it is.</param>
    internal sealed record Variant(string Name, object Defaults, Func<string, string, object> Read);
}
