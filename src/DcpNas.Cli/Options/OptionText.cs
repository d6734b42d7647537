namespace DcpNas.Cli.Options;

/// <summary>The help of options that a command makes by hand, from what the record behind them declares.</summary>
internal static class OptionText
{
    /// <summary>The option of a key of options files: <c>--batch-size</c> of <c>batch_size</c>.</summary>
    public static string NameOf(string key) => $"--{key.Replace('_', '-')}";

    /// <summary>Meaning, range and default of an option that is absent where it is left out.</summary>
    /// <param name="defaults">The record with its defaults.</param>
    /// <param name="property">The name of the property.</param>
    public static string Of(object defaults, string property)
    {
        var declared = OptionDeclaration.Of(defaults, property);
        var text = declared.Describe(NameOf, none: null);
        return declared.Property.GetValue(defaults) switch
        {
            null => declared.None is null ? text : $"{text} (default: {declared.NoneIn(NameOf)})",
            "" => text,
            string value => $"{text} (default {value})",
            System.Collections.IEnumerable list => $"{text} (default {string.Join(',', list.Cast<object>())})",
            var value => $"{text} (default {OptionValue.Show(value)})",
        };
    }
}
