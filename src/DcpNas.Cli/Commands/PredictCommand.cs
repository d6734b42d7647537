using System.CommandLine;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas predict</c>: what a network of any task says of image files.</summary>
internal static class PredictCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "predict";

    /// <summary>The command.</summary>
    /// <param name="open">Opens a network.</param>
    /// <param name="models">What the argument of the network may name.</param>
    /// <param name="alias">What the help says first of an alias.</param>
    /// <param name="expected">What networks of the alias say; null: any.</param>
    public static Command Create(Func<string, PredictorOptions, IPredictor> open, string models, string alias = "", PredictionKind? expected = null)
    {
        var defaults = new PredictorOptions();
        var model = new Argument<string>("model") { Description = $"{models}, or a name of dcpnas models; of a classifier, a network of embeddings, or a detector", HelpName = "MODEL|NAME" };
        var top = WholeNumber.Option("--top", $"Classes per image (default {defaults.Top})", defaults.Top);
        var csv = new Option<bool>("--csv") { Description = $"Print CSV ({PredictionTable.Heading}), where the model is a classifier" };
        var command = new Command(
            Name, $"{alias}Classify image files, embed them, or find objects in them: what the model was trained for. Where folders are named after classes, the accuracy too. Exit code 2: some could not be decoded.") { model };
        var session = new PredictionSession(command, top, csv);
        command.SetAction(parsed =>
        {
            var options = session.Read(parsed) with { Top = parsed.GetValue(top) };
            PredictionSession.Check(options.Top >= 1, $"--top must be at least 1, got {options.Top}.");
            PredictionSession.Check(!(parsed.GetValue(csv) && session.AsJson(parsed)), "--csv and --json exclude each other. Name one of them.");
            using var predictor = open(parsed.GetRequiredValue(model), options);
            PredictionSession.Check(expected is null || predictor.Kind == expected, $"{predictor.Path}: gives {Words(predictor.Kind)}, not {Words(expected ?? default)}. Use dcpnas {Name}, which takes any network.");
            PredictionSession.Check(!parsed.GetValue(csv) || predictor.Kind == PredictionKind.Classes, "--csv is for classifiers. Use --json.");
            return session.Run(parsed, predictor, files => predictor.Kind switch
            {
                PredictionKind.Boxes => new BoxOutput(files, options.Score, session.Folder(parsed)),
                PredictionKind.Embedding => new EmbeddingOutput(session.Folder(parsed)),
                PredictionKind.Values => new ValueOutput(files, session.Folder(parsed)),
                _ => new ClassOutput(session.Named(parsed), files, predictor.ClassNames, options.Top, parsed.GetValue(csv), session.Folder(parsed)),
            });
        });
        return command;
    }

    private static string Words(PredictionKind kind) => kind switch
    {
        PredictionKind.Boxes => "boxes of objects",
        PredictionKind.Embedding => "an embedding",
        PredictionKind.Values => "values",
        _ => "classes",
    };
}
