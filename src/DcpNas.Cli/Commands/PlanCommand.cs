using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Search;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas plan</c>: predicts time, memory and disk of a search from a short profiling run.</summary>
internal static class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Where the search will run, for its disk space", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var json = JsonOutput.Option();
        var values = new OptionSet<SearchOptions>(SearchOptions.Load, SearchOptions.FromJson);
        var command = new Command("plan", "Predict time, memory and disk of a search by a short profiling run; takes the options of search. Exit code 1: it will not fit.") { run, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping."));
            var options = values.Read(parsed);
            Console.Error.WriteLine("Trying a few steps of each kind ...");
            var plan = SearchProfiling.Run(options, parsed.GetRequiredValue(run), interruption.Token, ChipMeter.Instance);
            JsonOutput.Show(parsed.GetValue(json), () => plan.ToJson(), () => PlanOutput.Print(plan, SearchLines.Limits(options)));
            return plan.Problems().Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
