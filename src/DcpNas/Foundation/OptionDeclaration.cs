using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace DcpNas.Foundation;

/// <summary>What a record of options declares of one of its values (<see cref="OptionAttribute"/>, <see cref="OptionOfAttribute"/>, <see cref="OptionMeaningAttribute"/>).</summary>
public sealed class OptionDeclaration
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionDeclaration>> Known = new();
    private readonly OptionAttribute _option;
    private readonly OptionMeaningAttribute? _meaning;
    private readonly bool _isCheckedHere;

    private OptionDeclaration(PropertyInfo property, OptionAttribute option, OptionOfAttribute? of, OptionMeaningAttribute? meaning)
    {
        (_option, _meaning, Property, Key) = (option, meaning, property, OptionsJson.KeyOf(property));
        (Meaning, None, Variant) = (meaning?.Meaning ?? option.Meaning, meaning is null ? of?.None ?? option.None : meaning.None, of?.For);
        Names = (meaning?.Names ?? option.Names)?.GetProperty("All")!.GetValue(null) as IReadOnlyList<string>;
        _isCheckedHere = of is null && !option.CheckedByRule;
    }

    /// <summary>The property that holds the value.</summary>
    public PropertyInfo Property { get; }

    /// <summary>The key in options files.</summary>
    public string Key { get; }

    /// <summary>What the value is for.</summary>
    public string Meaning { get; }

    /// <summary>The numbers that are allowed.</summary>
    public OptionRange Range => _option.Range;

    /// <summary>The names of which the value is one; null where it is no name.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>What it means that the value is absent; null where the meaning says it, or a value is always there.</summary>
    public string? None { get; }

    /// <summary>The variant that alone reads the value; null: all read it.</summary>
    public string? Variant { get; }

    /// <summary>The key of earlier versions, which is still read; null for none.</summary>
    public string? Formerly => _option.Formerly;

    /// <summary>A value of earlier versions, which is still read, and what it is called now; null for none.</summary>
    public (string Former, string Current)? RenamedValue => _option.RenamedValue?.Split('=') is [var former, var current] ? (former, current) : null;

    /// <summary>What K stands for on the command line.</summary>
    public int Thousand => _option.Thousand;

    /// <summary>Whether the value may differ when a run is resumed.</summary>
    public bool MayChange => _option.MayChange;

    /// <summary>What a record declares, in the order of its properties; those of a base type come first.</summary>
    public static IReadOnlyList<OptionDeclaration> Of(Type record) => Known.GetOrAdd(record, static type =>
        [.. OptionsJson.Properties(type).Select(property => Create(type, property)).OfType<OptionDeclaration>()]);

    /// <summary>What is declared of one property of a record.</summary>
    /// <param name="options">The record.</param>
    /// <param name="property">The name of the property.</param>
    public static OptionDeclaration Of(object options, string property)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Of(options.GetType()).SingleOrDefault(declared => declared.Property.Name == property)
            ?? throw new InvalidOperationException($"Bug in DcpNas: {options.GetType().Name}.{property} has no [Option].");
    }

    /// <summary>Every value of a record that is out of its bounds, one sentence each.</summary>
    public static IEnumerable<string> Problems(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Of(options.GetType()).Where(declared => declared._isCheckedHere).Select(declared => declared.Problem(declared.Property.GetValue(options))).OfType<string>();
    }

    /// <summary>The keys of the values of a record that may differ when a run is resumed.</summary>
    public static IReadOnlyList<string> KeysThatMayChange(Type record) => [.. Of(record).Where(declared => declared.MayChange).Select(declared => declared.Key)];

    /// <summary>Meaning, range and all else that the help says but the default.</summary>
    /// <param name="nameOf">How the text calls the option of a key.</param>
    /// <param name="none">How the user says that the value is absent; null where leaving the option out says it.</param>
    public string Describe(Func<string, string> nameOf, string? none)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        var meaning = Variant is null ? Meaning : $"{Variant}: {Continued(Meaning)}";
        string?[] parts =
        [
            Names is null ? meaning : $"{meaning}: {string.Join(", ", Names.SkipLast(1))} or {Names[^1]}",
            _meaning is { IsUnused: true } ? "" : Range.ToString(),
            none is null || None is null ? "" : $"{none} = {None}",
            _meaning is null ? _option.Note : "",
        ];
        return Name(string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part))), nameOf);
    }

    /// <summary>What it means that the value is absent, with the names of other options.</summary>
    /// <param name="nameOf">How the text calls the option of a key.</param>
    public string? NoneIn(Func<string, string> nameOf) => None is null ? null : Name(None, nameOf);

    /// <summary>A meaning behind a colon: with a small letter, unless it begins with an acronym.</summary>
    private static string Continued(string meaning) => meaning.TakeWhile(char.IsLetter).Skip(1).Any(char.IsUpper) ? meaning : $"{char.ToLowerInvariant(meaning[0])}{meaning[1..]}";

    private static string Name(string text, Func<string, string> nameOf) => string.Concat(text.Split('`').Select((part, i) => i % 2 == 0 ? part : nameOf(part)));

    private static OptionDeclaration? Create(Type record, PropertyInfo property)
    {
        var of = property.GetCustomAttribute<OptionOfAttribute>();
        var declaring = of is null ? property : of.Record.GetProperty(of.Property ?? property.Name)!;
        return declaring.GetCustomAttribute<OptionAttribute>() is { } option
            ? new OptionDeclaration(property, option, of, record.GetCustomAttributes<OptionMeaningAttribute>().SingleOrDefault(meaning => meaning.Property == property.Name))
            : null;
    }

    /// <summary>What is wrong with a value by itself; null where nothing is.</summary>
    private string? Problem(object? value) => value switch
    {
        string name when Names is not null => Names.Contains(name) ? null : $"{Key} must be one of {string.Join(", ", Names)}, got '{name}'.{Nearest.Hint(name, Names)}",
        { } number when number is int or long or double && !Range.Contains(Convert.ToDouble(number, CultureInfo.InvariantCulture)) =>
            string.Create(CultureInfo.InvariantCulture, $"{Key} must be {_option.Rule ?? Range.Rule(number is not double, _option.Reason)}, got {number}."),
        _ => null,
    };
}
