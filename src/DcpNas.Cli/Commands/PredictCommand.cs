using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Data;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas predict</c>: the classes of image files, their embeddings, or the objects in them.</summary>
internal static class PredictCommand
{
    private const int MostThreads = 256;
    private static readonly string[] Heading = ["file", "class", "probability"];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Packed classifier, network of embeddings, or detector", HelpName = "FILE" };
        var images = new Argument<string[]>("images") { Description = "Image files (JPEG, PNG, WebP, BMP), and folders with them", HelpName = "IMAGE|DIR", Arity = ArgumentArity.OneOrMore };
        var top = WholeNumber.Option("--top", "Classes per image (default 5)", 5);
        var score = RealNumber.Option("--score", "Least score of a box, where the model is a detector (default 0.3)", DetectionSession.DefaultScore);
        var threads = WholeNumber.Option("--threads", "Images in work at a time (default: one per processor)", int.Min(MostThreads, Environment.ProcessorCount));
        var mode = Modes.Option();
        var csv = new Option<bool>("--csv") { Description = $"Print CSV ({PredictionTable.Heading}), where the model is a classifier" };
        var json = JsonOutput.Option();
        var command = new Command("predict", "Classify image files with a packed model, embed them, or find objects in them; where folders are named after classes, the accuracy too. Exit code 2: some could not be decoded.") { model, images, top, score, threads, mode, csv, json };
        command.SetAction(parsed =>
        {
            Check(parsed.GetValue(top) >= 1, $"--top must be at least 1, got {parsed.GetValue(top)}.");
            Check(parsed.GetValue(threads) is >= 1 and <= MostThreads, $"--threads must be from 1 to {MostThreads}, got {parsed.GetValue(threads)}.");
            Check(!(parsed.GetValue(csv) && parsed.GetValue(json)), "--csv and --json exclude each other. Name one of them.");
            var numbers = Modes.Read(parsed.GetRequiredValue(mode));
            var file = ModelFile.Open(parsed.GetRequiredValue(model));
            Modes.Check(file, numbers);
            Check(!parsed.GetValue(csv) || (file.Model.Info.Detector is null && !Embedder.Fits(file.Model)), "--csv is for classifiers. Use --json.");
            if (file.Model.Info.Detector is not null)
            {
                using var finder = new PackedBoxFinder(file, parsed.GetValue(threads), numbers);
                return DetectionSession.Run(finder, parsed.GetRequiredValue(images), parsed.GetValue(score), null, parsed.GetValue(json));
            }

            if (Embedder.Fits(file.Model))
            {
                return EmbeddingOutput.Run(file, ImageFiles.Find(parsed.GetRequiredValue(images)), parsed.GetValue(threads), numbers, parsed.GetValue(json));
            }

            using var classifier = new Classifier(file, parsed.GetValue(threads), numbers);
            var files = ImageFiles.Find(parsed.GetRequiredValue(images));
            var labels = new FolderLabels(parsed.GetRequiredValue(images), classifier.ClassNames);
            return Run(file, classifier, files, labels, parsed.GetValue(top), parsed.GetValue(threads), parsed.GetValue(csv), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(ModelFile model, Classifier classifier, IReadOnlyList<string> files, FolderLabels labels, int top, int threads, bool asCsv, bool asJson)
    {
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping after the images in work."));
        int[] widths = [files.Max(file => file.Length), int.Max(Heading[1].Length, classifier.LabelWidth), Heading[2].Length];
        var (good, bad) = (new JsonArray(), new JsonArray());
        var time = Stopwatch.StartNew();
        foreach (var image in classifier.Run(files, top, interruption.Token))
        {
            if (image.Problem is { } problem)
            {
                Console.Error.WriteLine($"dcpnas: {problem}");
                bad.Add((JsonNode)new JsonObject { ["file"] = image.File, ["problem"] = problem });
                continue;
            }

            if (!asJson && good.Count == 0)
            {
                Terminal.Print(asCsv ? PredictionTable.Heading : Columns.Line(Heading, widths, 2));
            }

            good.Add((JsonNode)Describe(image, labels.Of(image.File)));
            labels.Add(image);
            foreach (var line in asJson ? [] : asCsv ? PredictionTable.Lines(image) : image.Classes.Select(prediction => Row(image.File, prediction, widths)))
            {
                Terminal.Print(line);
            }
        }

        var seconds = time.Elapsed.TotalSeconds;
        if (!asJson && labels.Line(top) is { } accuracy)
        {
            (asCsv ? Console.Error.WriteLine : (Action<string>)Terminal.Print)(accuracy);
        }

        var rate = good.Count / double.Max(seconds, 1e-9);
        Console.Error.WriteLine(Text($"{Count(good.Count, "image")} in {seconds:0.000} s: {rate:0.0} images/s with decoding, {Count(threads, "thread")}."));
        if (bad.Count > 0)
        {
            Console.Error.WriteLine($"dcpnas: {bad.Count} of {Count(files.Count, "image")} could not be used; they are named above.");
        }

        var failed = bad.Count > 0;
        if (asJson)
        {
            JsonOutput.Print(new JsonObject
            {
                ["model"] = model.Path,
                ["images"] = good,
                ["failed"] = bad,
                ["accuracy"] = labels.ToJson(),
                ["threads"] = threads,
                ["seconds"] = seconds,
                ["images_per_second"] = rate,
            });
        }

        return failed ? ExitCode.Unusable : ExitCode.Done;
    }

    private static string Row(string file, Prediction prediction, int[] widths) =>
        Columns.Line([Printable(file), Printable(prediction.Label), Text($"{prediction.Probability:0.0000}")], widths, 2);

    private static JsonObject Describe(ImagePrediction image, string? label) => new()
    {
        ["file"] = image.File,
        ["label"] = label,
        ["classes"] = new JsonArray([.. image.Classes.Select(prediction => new JsonObject
        {
            ["index"] = prediction.Class,
            ["class"] = prediction.Label,
            ["probability"] = float.IsNaN(prediction.Probability) ? null : prediction.Probability,
        })]),
    };

    private static void Check(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InputException(problem);
        }
    }
}
