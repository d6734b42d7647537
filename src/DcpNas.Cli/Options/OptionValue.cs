using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Cli.Options;

/// <summary>Reads the value of an option from the command line by the type of the property behind it.</summary>
internal static class OptionValue
{
    /// <summary>How the command line says that a value is absent.</summary>
    public const string Absent = "none";

    /// <summary>What the help shows in place of the value.</summary>
    public static string Placeholder(Type type) => Underlying(type) switch
    {
        { IsEnum: true } known => string.Join('|', EnumNames.All(known)),
        var known when known == typeof(bool) => "true|false",
        var known when known == typeof(int) => "N",
        var known when known == typeof(double) => "X",
        _ => "TEXT",
    };

    /// <summary>A value as the help shows it.</summary>
    public static string Show(object? value) => value switch
    {
        null => Absent,
        Enum name => Snake(name.ToString()),
        bool flag => flag ? "true" : "false",
        double number => number.ToString("0.#######", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A number that may be left out.</summary>
    /// <typeparam name="T">The type of the number.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="text">What the user wrote; null where the option is left out.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>The number; null where it is left out or wrong.</returns>
    public static T? Number<T>(Option option, string? text, List<string> problems)
        where T : struct, INumber<T>
    {
        if (text is null)
        {
            return null;
        }

        if (Read(typeof(T), mayBeAbsent: false, option.Name, text, out var value) is { } problem)
        {
            problems.Add(problem);
            return null;
        }

        return value!.GetValue<T>();
    }

    /// <summary>The value as it would stand in an options file.</summary>
    /// <param name="type">The type of the property.</param>
    /// <param name="mayBeAbsent">Whether <c>none</c> is allowed.</param>
    /// <param name="option">The option with its dashes, for the message.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="value">The value; null where the user wrote <c>none</c> and that is allowed.</param>
    /// <param name="thousand">What K stands for; M and G are its powers.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(Type type, bool mayBeAbsent, string option, string text, out JsonNode? value, int thousand = 1000)
    {
        value = null;
        var known = Underlying(type);
        if (text == Absent && mayBeAbsent)
        {
            return null;
        }

        if (known.IsEnum)
        {
            var problem = ReadName(known, option, text, out var name);
            value = name;
            return problem;
        }

        if (known == typeof(bool))
        {
            value = text == "true";
            return text is "true" or "false" ? null : $"{option} must be true or false, got '{text}'.";
        }

        if (known == typeof(int))
        {
            var problem = ReadWhole(option, text, out int whole);
            value = whole;
            return problem;
        }

        if (known == typeof(double))
        {
            var problem = ReadReal(option, text, out var number, thousand);
            value = number;
            return problem is null ? null : $"{problem} Large ones may end in K{(thousand == 1000 ? "" : $" (of {thousand})")}, M or G.";
        }

        value = text;
        return null;
    }

    /// <summary>The name of a value of an enumeration, as options files have it.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadName(Type type, string option, string text, out string name)
    {
        var names = EnumNames.All(type);
        name = EnumNames.Of(type, text) ?? text;
        return names.Contains(name) ? null : $"{option} must be one of {string.Join(", ", names)}, got '{text}'.{Nearest.Hint(text, names)}";
    }

    /// <summary>A whole number of any size.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadWhole<T>(string option, string text, out T value)
        where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) ? null
            : BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? $"{option} is too large, got {text}."
            : $"{option} must be a whole number, got '{text}'.";

    /// <summary>A number, which may end in K, M or G.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadReal(string option, string text, out double value, double thousand = 1000) =>
        TryNumber(text, thousand, out value) ? null : $"{option} must be a number, got '{text}'.";

    private static bool TryNumber(string text, double thousand, out double number)
    {
        var factor = text.Length == 0 ? 1 : char.ToUpperInvariant(text[^1]) switch { 'K' => thousand, 'M' => thousand * thousand, 'G' => thousand * thousand * thousand, _ => 1 };
        var digits = factor == 1 ? text : text[..^1];
        var isNumber = double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
        number *= factor;
        return isNumber;
    }

    private static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
