using System.CommandLine;
using DcpNas.Assessment;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas detect predict</c>: finds objects in image files, and draws them.</summary>
internal static class DetectPredictCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Folder of a training run, a checkpoint, or a packed detector", HelpName = "RUN|CHECKPOINT|FILE" };
        var images = new Argument<string[]>("images") { Description = "Image files (JPEG, PNG, WebP, BMP), and folders with them", HelpName = "IMAGE|DIR", Arity = ArgumentArity.OneOrMore };
        var score = RealNumber.Option("--score", "Least score of a box, 0 to 1 (default 0.3)", DetectionSession.DefaultScore);
        var folder = new Option<string?>("--out") { Description = "Folder for pictures with boxes (PNG) and detections.json; without it nothing is written. In JSON, box is [left, top, right, bottom], bbox is COCO's [left, top, width, height], both in pixels", HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command("predict", "Find objects in image files and draw them. Exit code 2: some could not be decoded.") { model, images, score, folder, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(model);
            using var finder = Open(path);
            return DetectionSession.Run(finder, parsed.GetRequiredValue(images), parsed.GetValue(score), parsed.GetValue(folder), parsed.GetValue(json));
        });
        return command;
    }

    private static BoxFinder Open(string path)
    {
        if (!Directory.Exists(path) && IsPacked(path))
        {
            return new PackedBoxFinder(ModelFile.Open(path), Environment.ProcessorCount);
        }

        return new CheckpointBoxFinder(new CheckpointDetector(path));
    }

    /// <summary>Whether the header of the file names the packed format; both formats are safetensors files.</summary>
    internal static bool IsPacked(string path)
    {
        const int Looked = 4096;
        var start = new byte[Looked];
        try
        {
            using var stream = File.OpenRead(path);
            var length = stream.ReadAtLeast(start, Looked, throwOnEndOfStream: false);
            return start.AsSpan(0, length).IndexOf("\"dcpnas-packed\""u8) >= 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // the loader of checkpoints says what is wrong
        }
    }
}
