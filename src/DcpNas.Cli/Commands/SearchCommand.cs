using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Distributed;
using DcpNas.Search;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas search</c>: searches a genotype in a run folder, or resumes the search that the folder holds.</summary>
internal static class SearchCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Run folder; the same options in the same folder resume", HelpName = "DIR", Required = true };
        var force = new Option<bool>("--force") { Description = "Start also where memory will not do" };
        var json = JsonOutput.Option();
        var values = new OptionSet<SearchOptions>(SearchOptions.Load, SearchOptions.FromJson);
        var command = new Command("search", "Search a genotype. Values: command line, else options file, else default.") { run, force, json };
        values.AddTo(command);
        command.SetAction(parsed => MpiSession.Run(() =>
        {
            var folder = parsed.GetRequiredValue(run);
            var options = Collective.Current.Together(() =>
            {
                var read = values.Read(parsed);
                if (!parsed.GetValue(force) && Collective.Current.Rank == 0)
                {
                    SearchSession.RefuseWithoutMemory(read, folder);
                }

                return read;
            });
            if (Collective.Current.Rank > 0)
            {
                return MpiSession.Follow(cancel => SearchRun.Follow(options, cancel, ChipMeter.Instance));
            }

            var outcome = SearchSession.Run(options, folder, Invocation.CommandLine);
            var asJson = parsed.GetValue(json);
            JsonOutput.Show(asJson, () => SearchSession.Describe(outcome, folder), () => SearchSession.Print(outcome));
            var selection = options.Row.IsDrawn
                ? ""
                : "\nBetter first, where there is time: candidates of its alpha, each trained briefly by the recipe of the training\n  "
                    + NextCommand.Select(options, folder);
            Console.Error.WriteLine($"Next:\n  {NextCommand.Train(options, outcome, folder)}{selection}");
            if (!asJson)
            {
                SearchSession.PrintDecision(outcome);
            }

            return ExitCode.Done;
        }));
        return command;
    }
}
