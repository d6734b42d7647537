using System.CommandLine;
using DcpNas.Assessment.ReIdentification;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas reid evaluate</c>: CMC, mAP and mINP of a trained network.</summary>
internal static class ReidEvaluateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var values = new PersonEvaluationOptionSet();
        var distractors = PersonEvaluationOptionSet.Distractors();
        var folder = new Option<string?>("--out") { Description = "Folder for reid-evaluation.json and reid-evaluation.html, whose names say what differs from the best model, its data and the usual protocol (default: that of the checkpoint)", HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command("evaluate", "Measure a network on queries and gallery: rank-1, 5, 10, 20, mAP, mINP; writes reid-evaluation.json and a page.") { distractors, folder, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var options = values.Read(parsed) with { Distractors = parsed.GetValue(distractors) };
            var outcome = EvaluationSession.Run("evaluate", (progress, cancel) => PersonEvaluationRun.Execute(options, parsed.GetValue(folder), progress, cancel));
            foreach (var warning in outcome.Warnings)
            {
                Console.Error.WriteLine($"warning: {warning}");
            }

            JsonOutput.Show(parsed.GetValue(json), () => outcome.ToJson(), () => Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(PersonEvaluationOutcome outcome)
    {
        var metrics = outcome.Metrics;
        Terminal.Print($"{outcome.Model} on {outcome.Dataset}");
        Terminal.Print($"protocol  {outcome.Protocol}");
        Terminal.Print($"queries   {metrics.Queries.Count - metrics.SkippedQueries}{(metrics.SkippedQueries > 0 ? $", {metrics.SkippedQueries} without a match left out" : "")}");
        Terminal.Print($"gallery   {metrics.GalleryImages}");
        Terminal.Print(Text($"mAP       {metrics.MeanAveragePrecision * 100:0.00} %"));
        Terminal.Print(Text($"mINP      {metrics.MeanInverseNegativePenalty * 100:0.00} %"));
        foreach (var rank in (int[])[1, 5, 10, 20])
        {
            Terminal.Print(Text($"{$"rank-{rank}",-9} {metrics.MatchingRate(rank) * 100:0.00} %"));
        }

        Terminal.Print($"measures  {outcome.JsonPath}");
        Terminal.Print($"page      {outcome.PagePath}");
    }
}
