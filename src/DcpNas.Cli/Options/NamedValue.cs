using System.CommandLine;

namespace DcpNas.Cli.Options;

/// <summary>An option of a command that takes the name of a value of an enumeration, with the message that options of a search give too.</summary>
internal static class NamedValue
{
    /// <summary>Creates the option; <see cref="Read"/> reads it.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="name">Its name with dashes.</param>
    /// <param name="text">What the help says.</param>
    /// <param name="value">The name where it is left out.</param>
    public static Option<string> Option<T>(string name, string text, string value)
        where T : struct, Enum => new(name) { Description = text, HelpName = OptionValue.Placeholder(typeof(T)), DefaultValueFactory = _ => value };

    /// <summary>Reads the option.</summary>
    /// <exception cref="InputException">There is no such name.</exception>
    public static T Read<T>(string option, string text)
        where T : struct, Enum => OptionValue.ReadName(typeof(T), option, text, out var name) is { } problem
            ? throw new InputException(problem)
            : Enum.GetValues<T>()[EnumNames.All(typeof(T)).ToList().IndexOf(name)];
}
