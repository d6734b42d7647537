using System.CommandLine;
using DcpNas.Cli.Models;
using DcpNas.Inference;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas detect predict</c>: finds objects in image files, and draws them.</summary>
internal static class DetectPredictCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Folder of a training run, a checkpoint, or a packed detector", HelpName = "RUN|CHECKPOINT|FILE" };
        var command = new Command("predict", "Find objects in image files and draw them. Exit code 2: some could not be decoded.") { model };
        var session = new PredictionSession(
            command, "", ", of a packed detector; a checkpoint takes one",
            "Folder for pictures with boxes (PNG) and detections.json; without it nothing is written. In JSON, box is [left, top, right, bottom], bbox is COCO's [left, top, width, height], both in pixels");
        command.SetAction(parsed =>
        {
            var options = session.Read(parsed);
            using var predictor = Predictors.OpenDetector(parsed.GetRequiredValue(model), options);
            return session.Run(parsed, predictor, files => new BoxOutput(files, options.Score, session.Folder(parsed)));
        });
        return command;
    }
}
