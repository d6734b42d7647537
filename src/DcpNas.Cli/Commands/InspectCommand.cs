using System.CommandLine;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas inspect</c>: what a packed model is made of.</summary>
internal static class InspectCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Packed model", HelpName = "FILE" };
        var json = JsonOutput.Option();
        var command = new Command("inspect", "Show the graph, sizes, classes and hashes of a packed model.") { model, json };
        command.SetAction(parsed =>
        {
            var summary = new ModelSummary(ModelFile.Open(parsed.GetRequiredValue(model)));
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(summary.ToJson());
                return ExitCode.Done;
            }

            foreach (var line in summary.Lines())
            {
                Terminal.Print(line);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
