using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Comparison;
using DcpNas.Jobs;
using DcpNas.Populations;
using DcpNas.Runs;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas report</c>: builds the report of a run folder again, also while the run goes on.</summary>
internal static class ReportCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Run folder", HelpName = "DIR" };
        var csv = new Option<bool>("--csv") { Description = "Also write epochs.csv (a row per epoch) and, of a search, alpha.csv (a row per epoch, network, cell, edge and operation); epochs count from 0" };
        var command = new Command("report", "Build report.html (of a comparison: compare.html, of a population: population.html) of a run folder again; works while the run goes on and after a kill.") { folder, csv };
        command.SetAction(parsed =>
        {
            using var run = RunFolder.OpenForReading(parsed.GetRequiredValue(folder));
            var (isComparison, isPopulation, asTables) = (ComparisonRun.IsIn(run), PopulationRun.IsIn(run), parsed.GetValue(csv));
            if ((isComparison || isPopulation) && asTables)
            {
                throw new InputException($"{run.Path}: holds a {(isComparison ? "comparison" : "population")}, but --csv writes the tables of one run. Name a run folder of one of its jobs: {Path.Combine(run.Path, JobFiles.Folder, "NAME")}{(isComparison ? $"{Path.DirectorySeparatorChar}search or train" : "")}.");
            }

            Terminal.Print(isComparison ? ComparisonRun.BuildReport(run) : isPopulation ? PopulationRun.BuildReport(run) : RunReport.Build(run));
            if ((isComparison ? ComparisonRun.Unfinished(run) : isPopulation ? PopulationRun.Unfinished(run) : []) is { Count: > 0 } unfinished)
            {
                Console.Error.WriteLine($"not finished: {string.Join(", ", unfinished)}");
            }

            foreach (var table in asTables ? RunTables.Write(run) : [])
            {
                Terminal.Print(table);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
