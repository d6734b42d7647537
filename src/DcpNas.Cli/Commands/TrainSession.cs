using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Networks;
using DcpNas.Training;

namespace DcpNas.Cli.Commands;

/// <summary>What all commands that train share: a training under a display, and its result on stdout.</summary>
internal static class TrainSession
{
    /// <summary>Runs a training to its end.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="command">The command line that resumes it.</param>
    /// <param name="check">Takes the network and the number of its classes and refuses it where it is too large; null: nobody does.</param>
    public static TrainOutcome Run(TrainingOptions options, string folder, string command, Action<NetworkDescription, int>? check = null) => RunSession.Run("train", folder, command, (view, cancel) =>
    {
        using var setup = TrainSetup.Prepare(options);
        check?.Invoke(setup.Network, setup.Task.ClassNames.Count);
        return TrainRun.Execute(setup, folder, command, new TrainDisplay(view), text => view.Say($"warning: {text}", Tone.Alarming), cancel);
    });

    /// <summary>Prints a result for people.</summary>
    public static void Print(TrainOutcome outcome)
    {
        var names = outcome.Test.Metrics.Keys.ToList();
        var table = Terminal.NewTable(["images", "number", .. names]);
        table.AddPlainRow(["validation", $"{outcome.Validation.Images}", .. names.Select(name => Words.Text($"{outcome.Validation[name]:0.0000}"))]);
        table.AddPlainRow(["test", $"{outcome.Test.Images}", .. names.Select(name => Words.Text($"{outcome.Test[name]:0.0000}"))]);
        Terminal.Results.Write(table);
        GenotypeView.Print(outcome.Cost);
        Terminal.Print($"model     {outcome.ModelPath}");
        Terminal.Print($"report    {outcome.ReportPath}");
    }

    /// <summary>A result for programs.</summary>
    public static JsonObject Describe(TrainOutcome outcome, string folder) => new()
    {
        ["run"] = folder,
        ["results"] = outcome.Results.DeepClone(),
        ["model_path"] = outcome.ModelPath,
        ["report_path"] = outcome.ReportPath,
    };
}
