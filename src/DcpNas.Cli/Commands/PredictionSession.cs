using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Cli.Options;
using DcpNas.Data;
using DcpNas.Inference;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary>The common part of predictions: images, options, and the way from files to results.</summary>
internal sealed class PredictionSession
{
    private const int MostThreads = 256;
    private static readonly PredictorOptions Defaults = new();
    private readonly Argument<string[]> _images = new("images") { Description = "Image files (JPEG, PNG, WebP, BMP), and folders with them", HelpName = "IMAGE|DIR", Arity = ArgumentArity.OneOrMore };
    private readonly Option<double> _score;
    private readonly Option<int> _threads;
    private readonly Option<string> _mode = Modes.Option();
    private readonly Option<string?> _folder;
    private readonly Option<bool> _json = JsonOutput.Option();

    /// <summary>Adds images and options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="more">Options of this command alone.</param>
    public PredictionSession(Command command, params Option[] more)
    {
        _score = RealNumber.Option("--score", $"Least score of a box, 0 to 1, where the model is a detector (default {Text($"{Defaults.Score}")})", Defaults.Score);
        _threads = WholeNumber.Option("--threads", $"Images in work at a time, of a packed model; a checkpoint takes one (default: one per processor)", int.Min(MostThreads, Environment.ProcessorCount));
        _folder = new("--out")
        {
            Description = "Folder for predictions.json, embeddings.json, values.json, or detections.json and pictures with boxes (PNG); without it nothing is written. "
                + "In JSON, box is [left, top, right, bottom], bbox is COCO's [left, top, width, height], both in pixels",
            HelpName = "DIR",
        };
        command.Add(_images);
        foreach (var option in (Option[])[_score, _threads, _mode, _folder, .. more, _json])
        {
            command.Add(option);
        }
    }

    /// <summary>Whether results are printed as JSON.</summary>
    public bool AsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The folder of results, or null.</summary>
    public string? Folder(ParseResult parsed) => parsed.GetValue(_folder);

    /// <summary>The files and folders that the user named.</summary>
    public string[] Named(ParseResult parsed) => parsed.GetRequiredValue(_images);

    /// <summary>How the network is asked.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public PredictorOptions Read(ParseResult parsed)
    {
        var options = new PredictorOptions { Threads = parsed.GetValue(_threads), Score = parsed.GetValue(_score), Mode = Modes.Read(parsed.GetRequiredValue(_mode)) };
        Check(options.Threads is >= 1 and <= MostThreads, $"--threads must be from 1 to {MostThreads}, got {options.Threads}.");
        Check(options.Score is >= 0 and <= 1, Text($"--score must be from 0 to 1, got {options.Score}."));
        return options;
    }

    /// <summary>Asks the network about all images; prints what it says, and writes it where a folder is given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="predictor">The network.</param>
    /// <param name="createOutput">How predictions of its kind are shown, by the images.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run(ParseResult parsed, IPredictor predictor, Func<IReadOnlyList<string>, PredictionOutput> createOutput)
    {
        var asJson = AsJson(parsed);
        var files = ImageFiles.Find(Named(parsed));
        var output = createOutput(files);
        output.Prepare(files, predictor.Path);
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping after the images in work."));
        var (good, bad, time) = (new JsonArray(), new JsonArray(), Stopwatch.StartNew());
        foreach (var image in predictor.Run(files, interruption.Token))
        {
            if (image.Problem is { } problem)
            {
                Console.Error.WriteLine($"dcpnas: {problem}");
                bad.Add((JsonNode)new JsonObject { ["file"] = image.File, ["problem"] = problem });
                continue;
            }

            List<string> lines = asJson ? [] : good.Count == 0 && output.Heading is { } heading ? [heading, .. output.Lines(image)] : [.. output.Lines(image)];
            good.Add((JsonNode)output.Describe(image));
            lines.ForEach(Terminal.Print);
        }

        var seconds = time.Elapsed.TotalSeconds;
        if (!asJson && output.Footing is { } footing)
        {
            Terminal.Print(footing);
        }

        Console.Error.WriteLine(output.Summary(good.Count, seconds, predictor.Threads));
        var failed = bad.Count;
        if (failed > 0)
        {
            Console.Error.WriteLine($"dcpnas: {failed} of {Count(files.Count, "image")} could not be used; they are named above.");
        }

        var (rate, result) = (good.Count / double.Max(seconds, 1e-9), new JsonObject { ["model"] = predictor.Path, ["images"] = good, ["failed"] = bad });
        output.Complete(result);
        output.Write(result);
        if (asJson)
        {
            (result["threads"], result["seconds"], result["images_per_second"]) = (predictor.Threads, seconds, rate);
            JsonOutput.Print(result);
        }

        return failed > 0 ? ExitCode.Unusable : ExitCode.Done;
    }

    /// <summary>Refuses a command line.</summary>
    /// <exception cref="InputException">The condition does not hold.</exception>
    public static void Check(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InputException(problem);
        }
    }
}
