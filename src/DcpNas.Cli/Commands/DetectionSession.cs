using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Data;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>detect predict</c> and <c>predict</c> share where the model is a detector.</summary>
internal static class DetectionSession
{
    /// <summary>The least score of a box that is shown.</summary>
    public const double DefaultScore = 0.3;

    private static readonly string[] Heading = ["file", "class", "score", "left", "top", "right", "bottom"];

    /// <summary>Finds objects in image files; prints them, and draws them where a folder is given.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(BoxFinder finder, IReadOnlyList<string> images, double score, string? folder, bool asJson)
    {
        if (score is not (>= 0 and <= 1))
        {
            throw new InputException(Text($"--score must be from 0 to 1, got {score}."));
        }

        var files = ImageFiles.Find(images);
        var pictures = folder is null ? null : new PictureFolder(folder, files, finder.Path);
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping after the images in work."));
        int[] widths = [Math.Max(Heading[0].Length, files.Max(file => file.Length)), 16, 6, 8, 8, 8, 8];
        var (good, bad, time, boxes) = (new JsonArray(), new JsonArray(), Stopwatch.StartNew(), 0);
        foreach (var image in finder.Run(files, score, interruption.Token))
        {
            if (image.Problem is { } problem)
            {
                Console.Error.WriteLine($"dcpnas: {problem}");
                bad.Add((JsonNode)new JsonObject { ["file"] = image.File, ["problem"] = problem });
                continue;
            }

            if (!asJson && good.Count == 0)
            {
                Terminal.Print(Columns.Line(Heading, widths, 2, 3, 4, 5, 6));
            }

            boxes += image.Boxes.Count;
            var description = Describe(image);
            if (pictures is not null)
            {
                description["picture"] = pictures.Draw(image);
            }

            good.Add((JsonNode)description);
            foreach (var box in asJson ? [] : image.Boxes)
            {
                Terminal.Print(Columns.Line(
                    [Printable(image.File), Printable(box.Label), Text($"{box.Score:0.0000}"), Text($"{box.Left:0.0}"), Text($"{box.Top:0.0}"), Text($"{box.Right:0.0}"), Text($"{box.Bottom:0.0}")],
                    widths, 2, 3, 4, 5, 6));
            }
        }

        Console.Error.WriteLine(Text($"{Count(boxes, "object")} in {Count(good.Count, "image")}, {time.Elapsed.TotalSeconds:0.000} s."));
        if (bad.Count > 0)
        {
            Console.Error.WriteLine($"dcpnas: {bad.Count} of {Count(files.Count, "image")} could not be used; they are named above.");
        }

        var failed = bad.Count > 0;
        var result = new JsonObject { ["model"] = finder.Path, ["score"] = score, ["images"] = good, ["failed"] = bad };
        pictures?.Write(result);
        if (asJson)
        {
            JsonOutput.Print(result);
        }

        return failed ? ExitCode.Unusable : ExitCode.Done;
    }

    private static JsonObject Describe(ImageBoxes image) => new()
    {
        ["file"] = image.File,
        ["width"] = image.Image!.Width,
        ["height"] = image.Image.Height,
        ["boxes"] = new JsonArray([.. image.Boxes.Select(box => (JsonNode)Describe(box))]),
    };

    private static JsonObject Describe(Detection box) => new()
    {
        ["index"] = box.Class,
        ["class"] = box.Label,
        ["score"] = box.Score,
        ["box"] = new JsonArray(box.Left, box.Top, box.Right, box.Bottom),
        ["bbox"] = new JsonArray(box.Left, box.Top, box.Right - box.Left, box.Bottom - box.Top), // as COCO writes it
    };
}
