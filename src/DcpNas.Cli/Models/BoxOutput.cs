using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Inference;
using DcpNas.Runtime;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>Objects: a line for each; with a folder also a picture per image.</summary>
/// <param name="files">The images.</param>
/// <param name="score">The least score of a box.</param>
/// <param name="folder">Where pictures and results go; null for nowhere.</param>
internal sealed class BoxOutput(IReadOnlyList<string> files, double score, string? folder) : PredictionOutput(folder)
{
    private static readonly string[] Titles = ["file", "class", "score", "left", "top", "right", "bottom"];
    private readonly int[] _widths = [Math.Max(Titles[0].Length, files.Max(file => file.Length)), 16, 6, 8, 8, 8, 8];
    private PictureFolder? _pictures;
    private int _boxes;

    /// <inheritdoc/>
    public override string Heading => Line(Titles);

    /// <inheritdoc/>
    protected override string ResultFile => PictureFolder.ResultFile;

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyList<string> files, string model) => _pictures = Folder is null ? null : new PictureFolder(Folder, files, model);

    /// <inheritdoc/>
    public override JsonObject Describe(ImageResult image)
    {
        _boxes += image.Boxes.Count;
        var description = new JsonObject
        {
            ["file"] = image.File,
            ["width"] = image.Image!.Width,
            ["height"] = image.Image.Height,
            ["boxes"] = new JsonArray([.. image.Boxes.Select(box => (JsonNode)Describe(box))]),
        };
        if (_pictures is not null)
        {
            description["picture"] = _pictures.Draw(image);
        }

        return description;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Lines(ImageResult image) => image.Boxes.Select(box => Line(
        [Printable(image.File), Printable(box.Label), Text($"{box.Score:0.0000}"), Text($"{box.Left:0.0}"), Text($"{box.Top:0.0}"), Text($"{box.Right:0.0}"), Text($"{box.Bottom:0.0}")]));

    /// <inheritdoc/>
    public override void Complete(JsonObject result) => result.Insert(1, "score", score);

    /// <inheritdoc/>
    public override string Summary(int images, double seconds, int threads) => Text($"{Count(_boxes, "object")} in {Count(images, "image")}, {seconds:0.000} s.");

    private string Line(string[] cells) => Columns.Line(cells, _widths, 2, 3, 4, 5, 6);

    private static JsonObject Describe(Detection box) => new()
    {
        ["index"] = box.Class,
        ["class"] = box.Label,
        ["score"] = box.Score,
        ["box"] = new JsonArray(box.Left, box.Top, box.Right, box.Bottom),
        ["bbox"] = new JsonArray(box.Left, box.Top, box.Right - box.Left, box.Bottom - box.Top), // as COCO writes it
    };
}
