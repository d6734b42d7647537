using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;

namespace DcpNas.Cli.Options;

/// <summary>An option of a command that takes a whole number, with the message that options of a search give too.</summary>
internal static class WholeNumber
{
    /// <summary>Creates the option.</summary>
    /// <typeparam name="T">The type of the number.</typeparam>
    /// <param name="name">Its name with dashes.</param>
    /// <param name="text">What the help says.</param>
    /// <param name="value">The value where it is left out.</param>
    public static Option<T> Option<T>(string name, string text, T value)
        where T : struct, IBinaryInteger<T> => new(name) { Description = text, HelpName = "N", DefaultValueFactory = _ => value, CustomParser = result => Read<T>(name, result) };

    /// <summary>Creates the option, absent where it is left out.</summary>
    /// <inheritdoc cref="Option{T}(string, string, T)"/>
    public static Option<T?> Optional<T>(string name, string text)
        where T : struct, IBinaryInteger<T> => new(name) { Description = text, HelpName = "N", CustomParser = result => Read<T>(name, result) };

    private static T Read<T>(string name, ArgumentResult result)
        where T : struct, IBinaryInteger<T>
    {
        if (OptionValue.ReadWhole(name, result.Tokens[^1].Value, out T number) is { } problem)
        {
            result.AddError(problem);
        }

        return number;
    }
}
