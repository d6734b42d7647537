using System.CommandLine;
using DcpNas.Assessment;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas evaluate</c>: measures a trained network on a split.</summary>
internal static class EvaluateCommand
{
    private const int ShownClasses = 100;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var values = new EvaluationOptionSet();
        var folder = new Option<string?>("--out") { Description = "Folder for evaluation.json and evaluation.html, whose names say what differs from the best model on all images (default: that of the checkpoint)", HelpName = "DIR" };
        var json = JsonOutput.Option();
        var mode = Modes.Option();
        var command = new Command("evaluate", "Measure a trained network: accuracy, confusion, classes, calibration, cost; writes evaluation.json and evaluation.html. Of a packed model, or a network of dcpnas models, the measures of its task alone, in any mode.") { folder, mode, json };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = values.Read(parsed);
            if (PackedEvaluationSession.Takes(asked.Model))
            {
                PackedEvaluationSession.Check(parsed, isPacked: true, [folder, .. values.OfCheckpoints]);
                return PackedEvaluationSession.Run(
                    new PackedEvaluationOptions
                    {
                        Model = asked.Model,
                        Dataset = asked.Dataset,
                        Data = asked.Data,
                        Images = asked.Images,
                        Mode = Modes.Read(parsed.GetRequiredValue(mode)),
                        Threads = asked.Threads == 0 ? Environment.ProcessorCount : asked.Threads,
                    },
                    parsed.GetValue(json));
            }

            PackedEvaluationSession.Check(parsed, isPacked: false, [mode]);
            var outcome = EvaluationSession.Run("evaluate", (progress, cancel) => EvaluationRun.Execute(asked, parsed.GetValue(folder), progress, cancel));
            JsonOutput.Show(parsed.GetValue(json), () => outcome.ToJson(), () => Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(EvaluationOutcome outcome)
    {
        var metrics = outcome.Metrics;
        Terminal.Print($"{outcome.Model} on {outcome.Dataset}, {outcome.Split} split, {Count(metrics.Images, "image")}");
        Terminal.Print($"top-1        {Exact(metrics.Top1)}");
        Terminal.Print($"top-5        {Exact(metrics.Top5)}{(metrics.Classes > 5 ? "" : $" (there are only {metrics.Classes} classes)")}");
        Terminal.Print(Text($"loss         {metrics.Loss:0.0000} (cross entropy = negative log likelihood)"));
        Terminal.Print(Text($"calibration  expected error {metrics.Calibration.ExpectedError * 100:0.00} %, largest {metrics.Calibration.MaximumError * 100:0.00} %, Brier {metrics.Calibration.Brier:0.0000}"));
        var table = Terminal.NewTable("class", "images", "precision", "recall", "F1");
        foreach (var one in metrics.PerClass.Take(ShownClasses))
        {
            table.AddPlainRow(outcome.ClassNames[one.Label], $"{one.Count}", Exact(one.Precision), Exact(one.Recall), Exact(one.F1));
        }

        table.AlignRight();
        Terminal.Results.Write(table);
        GenotypeView.Print(outcome.Cost);
        Terminal.Print($"measures  {outcome.JsonPath}");
        Terminal.Print($"page      {outcome.PagePath}");
    }

    private static string Exact(double? share) => share is { } value ? Text($"{value * 100:0.00} %") : "-";
}
