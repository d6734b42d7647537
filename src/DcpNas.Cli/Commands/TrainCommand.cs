using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Training;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas train</c>: trains a final network in a run folder, or resumes the training that the folder holds.</summary>
internal static class TrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Run folder; the same options in the same folder resume", HelpName = "DIR", Required = true };
        var json = JsonOutput.Option();
        var values = TrainOptionHelp.Set();
        var command = new Command("train", "Train the final network of a genotype, or a baseline. Values: command line, else options file, else default.") { run, json };
        values.AddTo(command);
        command.SetAction(parsed => Run(values.Read(parsed), parsed.GetRequiredValue(run), parsed.GetValue(json)));
        return command;
    }

    private static int Run(TrainOptions options, string folder, bool json)
    {
        var command = Invocation.CommandLine;
        var outcome = RunSession.Run("train", folder, command, (view, cancel) =>
            TrainRun.Execute(options, folder, command, new TrainDisplay(view), text => view.Say($"warning: {text}", Tone.Alarming), cancel));
        if (json)
        {
            JsonOutput.Print(new JsonObject
            {
                ["run"] = folder,
                ["results"] = outcome.Results.DeepClone(),
                ["model_path"] = outcome.ModelPath,
                ["report_path"] = outcome.ReportPath,
            });
            return ExitCode.Done;
        }

        var names = outcome.Test.Metrics.Keys.ToList();
        var table = Terminal.NewTable(["images", "number", .. names]);
        table.AddPlainRow(["validation", $"{outcome.Validation.Images}", .. names.Select(name => Words.Text($"{outcome.Validation[name]:0.0000}"))]);
        table.AddPlainRow(["test", $"{outcome.Test.Images}", .. names.Select(name => Words.Text($"{outcome.Test[name]:0.0000}"))]);
        Terminal.Results.Write(table);
        GenotypeView.Print(outcome.Cost);
        Terminal.Print($"model     {outcome.ModelPath}");
        Terminal.Print($"report    {outcome.ReportPath}");
        return ExitCode.Done;
    }
}
