using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Evaluation;
using DcpNas.Export;
using DcpNas.Tasks;
using DcpNas.Training;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas evaluate</c>: measures a trained network of any task.</summary>
internal static class EvaluateCommand
{
    private const string Name = "evaluate";
    private const string Images = "images";

    /// <summary>The command of all tasks, or its alias for one.</summary>
    /// <param name="task">The task of the alias; null for the command of all, which reads the task from the file.</param>
    public static Command Create(TaskRow? task = null)
    {
        var model = ModelArgument();
        var folder = new Option<string?>("--out")
        {
            Description = $"Folder for {Files(task)}, whose names say what differs from the best model on its own data by the usual protocol (default: that of the checkpoint)",
            HelpName = "DIR",
        };
        var json = JsonOutput.Option();
        var mode = Modes.Option();
        var values = OptionsOf(task);
        var command = new TaskCommand(
            Name, $"{TaskGroup.AliasHelp(Name, task)}Measure a trained network on its test images; writes measures and a page. The task is that of the file."
                + (task is null ? $" {TaskGroup.TasksHelp(Name)}" : "") + " Of a packed model, or a network of dcpnas models, the measures of its task alone, in any mode.")
        {
            model, folder, mode, json,
        };
        values.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(model);
            values.ThrowIfUnreadable(parsed);
            if (PackedEvaluationSession.KindOf(path) is { } kind)
            {
                PackedEvaluationSession.Check(parsed, isPacked: true, [folder, .. values.Except("dataset", "data", Images, "threads")]);
                var asked = (EvaluationOptions)values.Read(parsed, values.Named(parsed) ?? TaskTable.All.First(row => row.Output == kind));
                return PackedEvaluationSession.Run(
                    new PackedEvaluationOptions
                    {
                        Model = path,
                        Dataset = asked.Dataset,
                        Data = asked.Data,
                        Images = (int?)OptionsJson.Write(asked)[Images],
                        Mode = Modes.Read(parsed.GetRequiredValue(mode)),
                        Threads = asked.Threads == 0 ? Environment.ProcessorCount : asked.Threads,
                    },
                    parsed.GetValue(json));
            }

            PackedEvaluationSession.Check(parsed, isPacked: false, [mode]);
            var row = values.Named(parsed) ?? TrainedModel.TaskOf(path);
            var options = (EvaluationOptions)values.Read(parsed, row) with { Model = path };
            var outcome = EvaluationSession.Run(Name, (progress, warn, cancel) => row.Evaluate(options, parsed.GetValue(folder), progress, warn, cancel), "images");
            JsonOutput.Show(parsed.GetValue(json), outcome.ToJson, () => Print(outcome));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The argument that names the network.</summary>
    internal static Argument<string> ModelArgument() =>
        new("model") { Description = OptionText.Of(new FeatureOptions(), nameof(EvaluationOptions.Model)), HelpName = "CHECKPOINT|RUN|MODEL|NAME" };

    /// <summary>The options of an evaluation.</summary>
    /// <param name="task">The only task; null for all.</param>
    internal static TaskOptionSet OptionsOf(TaskRow? task) =>
        new(task is null ? TaskTable.All : [task], row => row.Evaluation(), "What the network has learned, for its options in the help (default: what its file says)", "model");

    private static string Files(TaskRow? task) => task?.Files ?? string.Join("; ", TaskTable.All.Select(row => $"{row.Name}: {row.Files}"));

    private static void Print(IEvaluationOutcome outcome)
    {
        foreach (var part in outcome.Summary())
        {
            switch (part)
            {
                case EvaluationLine line:
                    Terminal.Print(line.Text);
                    break;
                case EvaluationTable rows:
                    Print(rows);
                    break;
                case EvaluationCost cost:
                    GenotypeView.Print(cost.Report);
                    break;
            }
        }
    }

    private static void Print(EvaluationTable rows)
    {
        var table = Terminal.NewTable([.. rows.Titles]);
        foreach (var cells in rows.Rows)
        {
            table.AddPlainRow(cells);
        }

        if (rows.IsRight)
        {
            table.AlignRight();
        }

        Terminal.Results.Write(table);
    }
}
