namespace DcpNas.Cli;

/// <summary>How this process was called, for messages that name a command to run.</summary>
internal static class Invocation
{
    /// <summary>The start script sets it to its own name as the user typed it.</summary>
    private const string NameVariable = "DCPNAS_INVOKED_AS";

    /// <summary>The program as the user called it: <c>./dcpnas</c>, or <c>dcpnas</c> as an installed tool.</summary>
    public static string Name => Environment.GetEnvironmentVariable(NameVariable) is { Length: > 0 } name ? Quote(name) : "dcpnas";

    /// <summary>The whole command line as a shell would take it.</summary>
    public static string CommandLine => string.Join(' ', [Name, .. Environment.GetCommandLineArgs().Skip(1).Select(Quote)]);

    internal static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,+@%".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
