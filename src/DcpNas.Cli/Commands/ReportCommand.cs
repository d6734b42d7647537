using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Comparison;
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
        var command = new Command("report", "Build report.html (of a comparison: compare.html, of a population: population.html) of a run folder again; works while the run goes on and after a kill.") { folder };
        command.SetAction(parsed =>
        {
            using var run = RunFolder.OpenForReading(parsed.GetRequiredValue(folder));
            Terminal.Print(ComparisonRun.IsIn(run) ? ComparisonRun.BuildReport(run) : PopulationRun.IsIn(run) ? PopulationRun.BuildReport(run) : RunReport.Build(run));
            return ExitCode.Done;
        });
        return command;
    }
}
