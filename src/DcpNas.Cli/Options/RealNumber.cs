using System.CommandLine;

namespace DcpNas.Cli.Options;

/// <summary>An option of a command that takes a number, with the message that options of a search give too.</summary>
internal static class RealNumber
{
    /// <summary>Creates the option.</summary>
    /// <param name="name">Its name with dashes.</param>
    /// <param name="text">What the help says.</param>
    /// <param name="value">The value where it is left out.</param>
    public static Option<double> Option(string name, string text, double value) => new(name)
    {
        Description = text,
        HelpName = "X",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            if (OptionValue.ReadReal(name, result.Tokens[^1].Value, out var number) is { } problem)
            {
                result.AddError(problem);
            }

            return number;
        },
    };
}
