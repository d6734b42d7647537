using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Watching;
using DcpNas.Watching;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas watch</c>: a page that shows all runs below a folder while they go on.</summary>
internal static class WatchCommand
{
    private const int DefaultPort = 8377;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Folder with run folders, at any depth", HelpName = "DIR" };
        var port = new Option<int>("--port") { Description = $"Port on 127.0.0.1; 0 = any free one (default {DefaultPort})", HelpName = "N", DefaultValueFactory = _ => DefaultPort };
        var command = new Command("watch", "Show all runs below a folder live on a page for this machine's browser: progress, curves, decided edges, leaderboards, failed jobs. Only reads. Ctrl+C ends it.") { folder, port };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetValue(port)));
        return command;
    }

    private static int Run(string folder, int port)
    {
        if (port is < 0 or > 65535)
        {
            throw new OptionsException("command line", [$"--port must be 0 to 65535, got {port}."]);
        }

        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: is no folder. Name one that holds run folders, as runs.");
        }

        using var interruption = new Interruption(() => { });
        WatchServer.Run(new WatchedFolder(folder), port, address => Terminal.Print($"{address}  shows the runs below {folder}; Ctrl+C ends it."), interruption.Token);
        return ExitCode.Done;
    }
}
