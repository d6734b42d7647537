using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas search</c>: searches a genotype in a run folder, or resumes the search that the folder holds.</summary>
internal static class SearchCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Run folder; the same options in the same folder resume", HelpName = "DIR", Required = true };
        var json = JsonOutput.Option();
        var values = SearchOptionHelp.Set();
        var command = new Command("search", "Search a genotype. Values: command line, else options file, else default.") { run, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(run);
            var outcome = SearchSession.Run(values.Read(parsed), folder, Invocation.CommandLine);
            JsonOutput.Show(parsed.GetValue(json), () => SearchSession.Describe(outcome, folder), () => SearchSession.Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }
}
