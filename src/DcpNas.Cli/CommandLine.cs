using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Distributed;
using DcpNas.Export;
using DcpNas.Native;
using DcpNas.Runtime;

namespace DcpNas.Cli;

/// <summary>The one place where what goes wrong becomes a message and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line to its end.</summary>
    /// <param name="args">What the user wrote.</param>
    /// <param name="root">The commands.</param>
    /// <param name="diagnosis">The command that says what is missing on this machine and so has to do without it; null where there is none.</param>
    /// <param name="beforeHelp">Prepares the help that a command line asks for; null for nothing.</param>
    /// <param name="onFault">Takes what is wrong with a command line that cannot be read and gives the exit code; null: it is printed.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, RootCommand root, string? diagnosis = null, Action<ParseResult>? beforeHelp = null, Func<string, int>? onFault = null)
    {
        Terminal.OutliveHangup();
        try
        {
            var parsed = Completed(root).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction)
            {
                var fault = ParseFaults.Describe(parsed);
                return onFault?.Invoke(fault) ?? Fail(ExitCode.Unusable, fault);
            }

            if (parsed.Action is HelpAction)
            {
                beforeHelp?.Invoke(parsed);
            }

            ImageLimit.Apply(parsed);
            if (parsed.CommandResult.Command.Name != diagnosis && parsed.Action is not HelpAction)
            {
                OpenSsl.ThrowIfMissing();
            }

            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception error) when (Judge(error) is { } verdict)
        {
            return verdict.Message is null ? verdict.Code : Fail(verdict.Code, verdict.Message);
        }
    }

    /// <summary>What an exception means for a user: exit code and message; null for one that is to be shown as it is.</summary>
    internal static (int Code, string? Message)? Judge(Exception error) => error switch
    {
        InputException or PackedModelException => (ExitCode.Unusable, error.Message),
        DivergedException or ExportMismatchException or RankLostException or RanksDisagreeException => (ExitCode.Failed, error.Message),
        PausedException => (ExitCode.Paused, null),
        OperationCanceledException => (ExitCode.Cancelled, null),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, $"{error.Message} Check the disk and the rights of the folder, then run the command again."),
        ExternalException native => (ExitCode.Failed, NativeFault(native)),
        _ when Environment.GetEnvironmentVariable("DCPNAS_TRACE") != "1" =>
            (ExitCode.Failed, $"Bug in DcpNas: {error.GetType().Name}: {FirstLine(error.Message)} Set DCPNAS_TRACE=1 and run the command again to see where."),
        _ => null,
    };

    /// <summary>Groups without a command of their own show their help.</summary>
    private static Command Completed(Command command)
    {
        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            command.SetAction(parsed =>
            {
                Console.Error.WriteLine($"Name a command: {string.Join(", ", command.Subcommands.Select(child => child.Name))}.\n");
                parsed.InvocationConfiguration.Output = Console.Error;
                new HelpAction().Invoke(parsed);
                return ExitCode.Unusable;
            });
        }

        foreach (var child in command.Subcommands)
        {
            Completed(child);
        }

        return command;
    }

    /// <summary>libtorch's own errors carry a C++ stack trace after the first line.</summary>
    private static string NativeFault(ExternalException error)
    {
        var text = FirstLine(error.Message);
        return text.Contains("not enough memory", StringComparison.OrdinalIgnoreCase) || text.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            ? $"libtorch ran out of memory: {text} Lower --batch-size, --channels or --cells, or raise --partial-channels; dcpnas plan predicts what fits."
            : $"libtorch failed: {text}";
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    private static int Fail(int code, string message)
    {
        Console.Error.WriteLine($"dcpnas: {message}");
        return code;
    }
}
