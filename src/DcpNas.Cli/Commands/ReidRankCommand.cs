using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Tasks;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas reid rank</c>: a picture of what a network finds for some queries.</summary>
internal static class ReidRankCommand
{
    private const int Shown = 8, Ranks = 10;
    private static readonly TaskRow Task = TaskTable.All.Single(row => row.Name == ReIdentificationTask.OptionName);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = EvaluateCommand.ModelArgument();
        var values = EvaluateCommand.OptionsOf(Task);
        var file = new Option<string>("--out") { Description = "PNG file to write", HelpName = "FILE", Required = true };
        var queries = WholeNumber.Option("--queries", $"Queries to show, evenly spread; 1 to {RankRun.Most} (default {Shown})", Shown);
        var ranks = WholeNumber.Option("--ranks", $"Images of each list; 1 to {RankRun.Most} (default {Ranks})", Ranks);
        var json = JsonOutput.Option();
        var command = new TaskCommand("rank", "Draw the ranked lists of some queries: hits in green frames, misses in red ones; below each image its rank and person.") { model, file, queries, ranks, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var options = (PersonEvaluationOptions)values.Read(parsed, Task) with { Model = parsed.GetRequiredValue(model) };
            var outcome = EvaluationSession.Run("rank", (progress, cancel) => RankRun.Execute(
                options, parsed.GetValue(queries), parsed.GetValue(ranks), parsed.GetRequiredValue(file), progress, cancel));
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(outcome.ToJson());
            }
            else
            {
                foreach (var list in outcome.Lists.Select(list => list!.AsObject()))
                {
                    Terminal.Print($"{list["image"]!.GetValue<string>()}: {string.Concat(list["list"]!.AsArray().Select(entry => entry!["hit"]!.GetValue<bool>() ? '+' : '-'))}");
                }

                Terminal.Print($"picture   {outcome.Picture}");
            }

            return ExitCode.Done;
        });
        return command;
    }
}
