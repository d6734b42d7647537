using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>predict</c> prints of a network of embeddings: a line per image, its file and its numbers.</summary>
internal static class EmbeddingOutput
{
    /// <summary>Embeds the files and prints the embeddings.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(ModelFile model, IReadOnlyList<string> files, int threads, NumericMode mode, bool asJson)
    {
        using var embedder = new Embedder(model, threads, mode);
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping after the images in work."));
        var (good, bad) = (new JsonArray(), new JsonArray());
        var time = Stopwatch.StartNew();
        foreach (var image in embedder.Run(files, interruption.Token))
        {
            if (image.Problem is { } problem)
            {
                Console.Error.WriteLine($"dcpnas: {problem}");
                bad.Add((JsonNode)new JsonObject { ["file"] = image.File, ["problem"] = problem });
                continue;
            }

            good.Add((JsonNode)new JsonObject { ["file"] = image.File, ["embedding"] = new JsonArray([.. image.Embedding.Select(number => (JsonNode)number)]) });
            if (!asJson)
            {
                Terminal.Print($"{Printable(image.File)}  {string.Join(' ', image.Embedding.Select(number => Text($"{number:0.####}")))}");
            }
        }

        var seconds = time.Elapsed.TotalSeconds;
        Console.Error.WriteLine(Text($"{Count(good.Count, "image")} in {seconds:0.000} s with decoding, {Count(threads, "thread")}."));
        if (bad.Count > 0)
        {
            Console.Error.WriteLine($"dcpnas: {bad.Count} of {Count(files.Count, "image")} could not be used; they are named above.");
        }

        var failed = bad.Count > 0;
        if (asJson)
        {
            JsonOutput.Print(new JsonObject { ["model"] = model.Path, ["images"] = good, ["failed"] = bad, ["threads"] = threads, ["seconds"] = seconds });
        }

        return failed ? ExitCode.Unusable : ExitCode.Done;
    }
}
