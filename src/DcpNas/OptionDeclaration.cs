using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace DcpNas;

/// <summary>What a record of options declares of one of its values (<see cref="OptionAttribute"/>).</summary>
public sealed class OptionDeclaration
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionDeclaration>> Known = new();
    private readonly OptionAttribute _option;

    private OptionDeclaration(PropertyInfo property, OptionAttribute option)
    {
        (_option, Property, Key) = (option, property, OptionsJson.KeyOf(property));
        Names = option.Names?.GetProperty("All")!.GetValue(null) as IReadOnlyList<string>;
    }

    /// <summary>The property that holds the value.</summary>
    public PropertyInfo Property { get; }

    /// <summary>The key in options files.</summary>
    public string Key { get; }

    /// <summary>What the value is for.</summary>
    public string Meaning => _option.Meaning;

    /// <summary>The numbers that are allowed.</summary>
    public OptionRange Range => _option.Range;

    /// <summary>The names of which the value is one; null where it is no name.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>What it means that the value is absent; null where the meaning says it, or a value is always there.</summary>
    public string? None => _option.None;

    /// <summary>What a record declares, in the order of its properties; those of a base type come first.</summary>
    public static IReadOnlyList<OptionDeclaration> Of(Type record) => Known.GetOrAdd(record, static type =>
    [
        .. OptionsJson.Properties(type)
            .Select(property => (Property: property, Option: property.GetCustomAttribute<OptionAttribute>()))
            .Where(declared => declared.Option is not null)
            .Select(declared => new OptionDeclaration(declared.Property, declared.Option!)),
    ]);

    /// <summary>What a record declares of one property.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="property">The name of the property.</param>
    public static OptionDeclaration Of<T>(string property) => Of(typeof(T)).SingleOrDefault(declared => declared.Property.Name == property)
        ?? throw new InvalidOperationException($"Bug in DcpNas: {typeof(T).Name}.{property} has no [Option].");

    /// <summary>Every value of a record that is out of its bounds, one sentence each.</summary>
    public static IEnumerable<string> Problems(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Of(options.GetType()).Select(declared => declared.Problem(options)).OfType<string>();
    }

    /// <summary>The keys of the values of a record that may differ when a run is resumed.</summary>
    public static IReadOnlyList<string> KeysThatMayChange(Type record) => [.. Of(record).Where(declared => declared._option.MayChange).Select(declared => declared.Key)];

    /// <summary>Meaning, range and all else that the help says but the default.</summary>
    /// <param name="nameOf">How the text calls the option of a key.</param>
    /// <param name="none">How the user says that the value is absent; null where leaving the option out says it.</param>
    public string Describe(Func<string, string> nameOf, string? none)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        string?[] parts =
        [
            Names is null ? Meaning : $"{Meaning}: {string.Join(", ", Names.SkipLast(1))} or {Names[^1]}",
            Range.ToString(),
            none is null || None is null ? "" : $"{none} = {None}",
            _option.Note,
        ];
        var text = string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)));
        return string.Concat(text.Split('`').Select((part, i) => i % 2 == 0 ? part : nameOf(part)));
    }

    /// <summary>What is wrong with the value by itself; null where nothing is, or a rule of the record says it.</summary>
    private string? Problem(object options) => _option.CheckedByRule ? null : Property.GetValue(options) switch
    {
        string name when Names is not null => Names.Contains(name) ? null : $"{Key} must be one of {string.Join(", ", Names)}, got '{name}'.{Nearest.Hint(name, Names)}",
        { } number when number is int or long or double && !Range.Contains(Convert.ToDouble(number, CultureInfo.InvariantCulture)) =>
            string.Create(CultureInfo.InvariantCulture, $"{Key} must be {_option.Rule ?? Range.Rule(number is not double, _option.Reason)}, got {number}."),
        _ => null,
    };
}
