using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Inference;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>Numbers with names: a line for each of an image.</summary>
/// <param name="files">The images.</param>
/// <param name="folder">Where results go as files; null for nowhere.</param>
internal sealed class ValueOutput(IReadOnlyList<string> files, string? folder) : PredictionOutput(folder)
{
    private static readonly string[] Titles = ["file", "name", "value"];
    private readonly int[] _widths = [Math.Max(Titles[0].Length, files.Max(file => file.Length)), 16, 12];

    /// <inheritdoc/>
    public override string Heading => Columns.Line(Titles, _widths, 2);

    /// <inheritdoc/>
    protected override string ResultFile => "values.json";

    /// <inheritdoc/>
    public override JsonObject Describe(ImageResult image) => new()
    {
        ["file"] = image.File,
        ["values"] = new JsonObject(image.Values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
    };

    /// <inheritdoc/>
    public override IEnumerable<string> Lines(ImageResult image) =>
        image.Values.Select(pair => Columns.Line([Printable(image.File), Printable(pair.Key), Text($"{pair.Value:0.####}")], _widths, 2));
}
