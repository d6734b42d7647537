using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Search;
using Spectre.Console;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas plan</c>: predicts time, memory and disk of a search from a short trial.</summary>
internal static class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Where the search will run, for its disk space", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var json = JsonOutput.Option();
        var values = SearchOptionHelp.Set();
        var command = new Command("plan", "Predict time, memory and disk of a search by a short trial; takes the options of search. Exit code 1: it will not fit.") { run, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping."));
            var options = values.Read(parsed);
            Console.Error.WriteLine("Trying a few steps of each kind ...");
            var plan = SearchTrial.Run(options, parsed.GetRequiredValue(run), interruption.Token);
            JsonOutput.Show(parsed.GetValue(json), () => plan.ToJson(), () => Print(plan, SearchLines.Limits(options)));
            return plan.Problems().Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(SearchPlan plan, string limits)
    {
        Terminal.Print($"Search on {plan.Dataset}; {plan.Device}.{limits}");
        var work = Terminal.NewTable("work", "number", "each", "in all");
        foreach (var column in work.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var part in plan.Work)
        {
            work.AddPlainRow(part.Name.Replace('_', ' '), $"{part.Count}", Text($"{part.SecondsEach:0.000} s"), Duration(part.TotalSeconds));
        }

        if (plan.Work.Count > 0)
        {
            Terminal.Results.Write(work);
        }
        else
        {
            Terminal.Print("A genotype is drawn: nothing is trained and no checkpoint is written.");
        }

        var about = plan.IsExtrapolated ? " (from smaller batches: a full one would not fit)" : "";
        Terminal.Print($"time    about {Duration(plan.TotalSeconds)}{about}");
        Terminal.Print($"memory  {Bytes(plan.PeakMemoryBytes)} in the trial, {Bytes(plan.PeakMemoryBytes * SearchPlan.MemoryMargin)} with a margin; {Bytes(plan.AvailableMemoryBytes)} available{about}");
        Terminal.Print($"disk    {Bytes(plan.DiskBytes)}{(plan.CheckpointBytes > 0 ? $", of it {Bytes(plan.CheckpointBytes)} per checkpoint" : "")}; {Bytes(plan.FreeDiskBytes)} free");
        var problems = plan.Problems();
        Terminal.Print(problems.Count == 0 ? "It fits." : $"It will NOT fit.\n  - {string.Join("\n  - ", problems)}");
    }
}
