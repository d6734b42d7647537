using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Jobs;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Comparison;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas compare</c>: searches, trains and tests rows over seeds at equal OPs.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Folder of the comparison; the same options in the same folder resume, rows and seeds may be added", HelpName = "DIR", Required = true };
        var plan = new Option<bool>("--plan") { Description = "Print the jobs and how long they will take, from a short profiling run; writes nothing" };
        var json = JsonOutput.Option();
        var workers = WorkerOptions.Create();
        var cluster = SlurmSession.Create();
        var values = new CompareOptionSet();
        var command = new Command("compare", "Search, train and test strategies, genotypes and rows of your own over seeds at equal OPs, with intervals and significance. Exit code 1: a job failed.") { run, plan, workers.Jobs, workers.Gpus, cluster.Slurm, cluster.Sbatch, json };
        values.AddTo(command);
        command.SetAction(parsed => parsed.GetValue(plan)
            ? Plan(values.Read(parsed), parsed.GetRequiredValue(run), parsed.GetValue(json))
            : parsed.GetValue(cluster.Slurm) ? Submit(
                values.Read(parsed), parsed.GetRequiredValue(run), WorkerOptions.Read(parsed, workers), parsed.GetValue(workers.Jobs) is not null, parsed.GetValue(cluster.Sbatch) ?? [])
            : Run(values.Read(parsed), parsed.GetRequiredValue(run), WorkerOptions.Read(parsed, workers), parsed.GetValue(json)));
        return command;
    }

    private static int Submit(ComparisonOptions options, string folder, WorkerOptions workers, bool isLimited, IReadOnlyList<string> sbatch) => SlurmSession.Write(
        "compare", folder, () => ComparisonRun.Prepare(options, folder, Invocation.CommandLine, new CompareDisplay(IProgressView.Create(), workers.Jobs), ChipMeter.Instance), workers, isLimited, sbatch);

    private static int Run(ComparisonOptions options, string folder, WorkerOptions workers, bool json)
    {
        var command = Invocation.CommandLine;
        var outcome = RunSession.Run("compare", folder, command, (view, cancel) => ComparisonRun.Execute(options, folder, command, new CompareDisplay(view, workers.Jobs), cancel, workers.ProcessesFor(folder), ChipMeter.Instance));
        if (json)
        {
            JsonOutput.Print(outcome.Json);
        }
        else
        {
            var result = outcome.Result;
            Terminal.Print(ComparisonTables.Headline(result));
            Print(ComparisonTables.LeaderColumns(result), ComparisonTables.Leaders(result));
            if (ComparisonTables.Primary(result) is { Count: > 0 } primary)
            {
                Terminal.Print($"the primary row, {result.Options.PrimaryRow}, against the others:");
                Print(ComparisonTables.PrimaryColumns, primary);
            }

            if (result.Population is { } population)
            {
                Terminal.Print($"{PopulationPlaceTable.Title(population)}:");
                Print(PopulationPlaceTable.Columns, PopulationPlaceTable.Rows(result));
            }

            if (result.Ranks.Count > 0)
            {
                Terminal.Print($"{SearchRankTable.Title}:");
                Print(SearchRankTable.Columns, SearchRankTable.Rows(result));
            }

            foreach (var note in ComparisonTables.Notes(result))
            {
                Terminal.Print(note);
            }

            Terminal.Print($"report  {outcome.PagePath}");
            Terminal.Print($"table   {outcome.MarkdownPath}");
            Terminal.Print($"csv     {outcome.CsvPath}");
        }

        var failed = outcome.Result.Jobs.Where(job => job.State == JobState.Failed).ToList();
        foreach (var job in failed)
        {
            Console.Error.WriteLine($"{job.Name} failed: {job.Error}");
        }

        if (failed.Count > 0)
        {
            Console.Error.WriteLine($"Run the command again to try {(failed.Count == 1 ? "it" : "them")} again:\n  {command}");
        }

        return failed.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = Terminal.NewTable(columns.Select(column => column.TrimEnd('#')));
        table.AlignRight();
        foreach (var row in rows)
        {
            table.AddPlainRow(row);
        }

        Terminal.Results.Write(table);
    }

    private static int Plan(ComparisonOptions options, string folder, bool json)
    {
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping."));
        Console.Error.WriteLine("Trying a few steps of each kind ...");
        var plan = ComparisonProfiling.Run(options, folder, interruption.Token, ChipMeter.Instance);
        if (json)
        {
            JsonOutput.Print(plan.ToJson());
            return ExitCode.Done;
        }

        Terminal.Print(Text($"{plan.Jobs.Count} jobs on {plan.Dataset}, {plan.Width}"));
        var table = Terminal.NewTable("job", "state", "search", "training");
        foreach (var job in plan.Jobs)
        {
            table.AddPlainRow(job.Name, $"{job.State}".ToLowerInvariant(), Duration(job.SearchSeconds), Duration(job.TrainSeconds));
        }

        Terminal.Results.Write(table);
        Terminal.Print($"time    about {Duration(plan.TotalSeconds)} for all that is not finished");
        return ExitCode.Done;
    }
}
