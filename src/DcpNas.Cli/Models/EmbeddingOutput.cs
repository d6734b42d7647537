using System.Text.Json.Nodes;
using DcpNas.Inference;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>Embeddings: a line per image, its file and its numbers.</summary>
/// <param name="folder">Where results go as files; null for nowhere.</param>
internal sealed class EmbeddingOutput(string? folder) : PredictionOutput(folder)
{
    /// <inheritdoc/>
    protected override string ResultFile => "embeddings.json";

    /// <inheritdoc/>
    public override JsonObject Describe(ImageResult image) => new() { ["file"] = image.File, ["embedding"] = new JsonArray([.. image.Embedding.Select(number => (JsonNode)number)]) };

    /// <inheritdoc/>
    public override IEnumerable<string> Lines(ImageResult image) => [$"{Printable(image.File)}  {string.Join(' ', image.Embedding.Select(number => Text($"{number:0.####}")))}"];
}
