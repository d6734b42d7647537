using System.CommandLine;
using DcpNas.Cli.Options;

namespace DcpNas.Cli;

/// <summary>Says what is wrong with a command line, with the nearest known name.</summary>
internal static class ParseFaults
{
    /// <summary>One message for all faults.</summary>
    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed);
        var unknown = parsed.UnmatchedTokens.Where(token => token != "--").ToList();
        var faults = unknown.Count > 0
            ? unknown.Where((token, i) => IsOption(token) || i == 0 || !IsOption(unknown[i - 1])).Select(token => NoSwitch(token, parsed) ?? Unknown(token, command, path))
            : parsed.Errors.Select(error => error.Message);
        return $"{string.Join("\n", faults.Distinct())}\nSee: {path} --help";
    }

    /// <summary>What follows an option that may be true or false, and is neither, is left over.</summary>
    private static string? NoSwitch(string token, ParseResult parsed)
    {
        var at = parsed.Tokens.TakeWhile(other => other.Value != token).Count();
        return at > 0 && parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == parsed.Tokens[at - 1].Value && option.HelpName == OptionValue.Placeholder(typeof(bool))) is { } option
            ? $"{option.Name} must be true or false, got '{token}'."
            : null;
    }

    private static string Unknown(string token, Command command, string path)
    {
        var name = token.Split('=', 2)[0];
        if (IsOption(name))
        {
            var options = command.Options.Where(option => !option.Hidden).SelectMany(option => (IEnumerable<string>)[option.Name, .. option.Aliases]).ToList();
            return options.Count == 0 ? $"Unknown option '{name}': {path} has none." : $"Unknown option '{name}' of {path}.{Nearest.Hint(name, options)}";
        }

        return command.Subcommands.Count > 0
            ? $"Unknown command '{token}'.{Nearest.Hint(token, command.Subcommands.Select(child => child.Name))} "
                + $"Known commands: {string.Join(", ", command.Subcommands.Select(child => child.Name))}."
            : $"Unexpected argument '{token}' of {path}. Options start with --; quote values that hold spaces.";
    }

    private static bool IsOption(string token) => token.StartsWith('-') && token.Length > 1;

    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is System.CommandLine.Parsing.CommandResult command; result = result.Parent)
        {
            names.Push(command.Parent is null ? "dcpnas" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
