using System.CommandLine;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas predict</c>: the classes of image files, their embeddings, or the objects in them.</summary>
internal static class PredictCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var defaults = new PredictorOptions();
        var model = new Argument<string>("model") { Description = "Packed classifier, network of embeddings, or detector, or a name of dcpnas models", HelpName = "FILE|NAME" };
        var top = WholeNumber.Option("--top", $"Classes per image (default {defaults.Top})", defaults.Top);
        var csv = new Option<bool>("--csv") { Description = $"Print CSV ({PredictionTable.Heading}), where the model is a classifier" };
        var command = new Command("predict", "Classify image files with a packed model, embed them, or find objects in them; where folders are named after classes, the accuracy too. Exit code 2: some could not be decoded.") { model };
        var session = new PredictionSession(
            command, ", where the model is a detector", "", "Folder for predictions.json, embeddings.json, or detections.json and pictures with boxes; without it nothing is written", top, csv);
        command.SetAction(parsed =>
        {
            var options = session.Read(parsed) with { Top = parsed.GetValue(top) };
            PredictionSession.Check(options.Top >= 1, $"--top must be at least 1, got {options.Top}.");
            PredictionSession.Check(!(parsed.GetValue(csv) && session.AsJson(parsed)), "--csv and --json exclude each other. Name one of them.");
            var file = ModelFile.Open(parsed.GetRequiredValue(model));
            PredictionSession.Check(!parsed.GetValue(csv) || PackedPredictor.KindOf(file.Model) is PredictionKind.Classes or null, "--csv is for classifiers. Use --json.");
            using var predictor = new PackedPredictor(file, options);
            return session.Run(parsed, predictor, files => predictor.Kind switch
            {
                PredictionKind.Boxes => new BoxOutput(files, options.Score, session.Folder(parsed)),
                PredictionKind.Embedding => new EmbeddingOutput(session.Folder(parsed)),
                _ => new ClassOutput(session.Named(parsed), files, predictor.ClassNames, options.Top, parsed.GetValue(csv), session.Folder(parsed)),
            });
        });
        return command;
    }
}
