using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas inspect</c>: what a packed model is made of.</summary>
internal static class InspectCommand
{
    /// <summary>The command.</summary>
    /// <param name="core">The option --core and what it shows; null where this program cannot tell.</param>
    public static Command Create((Option<string?> Option, Func<ModelFile, string, (IReadOnlyList<string[]> Rows, JsonArray Json)> Describe)? core)
    {
        var model = new Argument<string>("model") { Description = "Packed model, or a name of dcpnas models", HelpName = "FILE|NAME" };
        var json = JsonOutput.Option();
        var command = new Command("inspect", "Show the graph, sizes, classes and hashes of a packed model.") { model, json };
        if (core is not null)
        {
            command.Add(core.Value.Option);
        }

        command.SetAction(parsed =>
        {
            var file = ModelFile.Open(parsed.GetRequiredValue(model));
            var summary = new ModelSummary(file);
            var chips = core is { } known && parsed.GetValue(known.Option) is { } name ? known.Describe(file, name) : ((IReadOnlyList<string[]> Rows, JsonArray Json)?)null;
            if (parsed.GetValue(json))
            {
                var all = summary.ToJson();
                if (chips is { } asked)
                {
                    all["chips"] = asked.Json;
                }

                JsonOutput.Print(all);
                return ExitCode.Done;
            }

            foreach (var line in (string[])[.. summary.Lines(), .. chips is { } shown ? ["", .. Columns.Align(shown.Rows, 1, 2, 3, 4, 5)] : (string[])[]])
            {
                Terminal.Print(line);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
