using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas models</c>: the trained networks that come with the tool.</summary>
internal static class ModelsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "One of them, for its card: data, training, accuracy in every mode, cost, limits", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        var json = JsonOutput.Option();
        var command = new Command("models", "List the trained networks that come with dcpnas; their names stand for model files in predict, evaluate, inspect, bench and export.") { name, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } one)
            {
                var card = ModelZoo.Card(one);
                JsonOutput.Show(parsed.GetValue(json), () => card, () => Print(ModelCard.Lines(card)));
            }
            else
            {
                var cards = ModelZoo.Names.Select(ModelZoo.Card).ToArray();
                JsonOutput.Show(parsed.GetValue(json), () => new JsonArray([.. cards]), () => Print([.. Columns.Align(ModelCard.Rows(cards), 4, 5, 6), "", "dcpnas models NAME shows a card; dcpnas predict NAME IMAGE runs one."]));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            Terminal.Print(line);
        }
    }
}
