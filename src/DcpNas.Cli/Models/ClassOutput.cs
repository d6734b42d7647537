using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Inference;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>Classes: a line for each of an image, as a table or as CSV, and the accuracy where folders are named after classes.</summary>
internal sealed class ClassOutput : PredictionOutput
{
    private static readonly string[] Titles = ["file", "class", "probability"];
    private readonly FolderLabels _labels;
    private readonly int[] _widths;
    private readonly int _top;
    private readonly bool _csv;

    /// <summary>Creates the output.</summary>
    /// <param name="named">The files and folders that the user named.</param>
    /// <param name="files">The images.</param>
    /// <param name="classNames">The classes of the model.</param>
    /// <param name="top">Classes per image.</param>
    /// <param name="csv">Whether lines are CSV.</param>
    /// <param name="folder">Where results go as files; null for nowhere.</param>
    public ClassOutput(IEnumerable<string> named, IReadOnlyList<string> files, IReadOnlyList<string> classNames, int top, bool csv, string? folder)
        : base(folder)
    {
        (_labels, _top, _csv) = (new FolderLabels(named, classNames), top, csv);
        _widths = [files.Max(file => file.Length), int.Max(Titles[1].Length, classNames.Max(name => name.Length)), Titles[2].Length];
    }

    /// <inheritdoc/>
    public override string Heading => _csv ? PredictionTable.Heading : Columns.Line(Titles, _widths, 2);

    /// <summary>The accuracy; of CSV it is no part.</summary>
    public override string? Footing => _csv ? null : _labels.Line(_top);

    /// <inheritdoc/>
    protected override string ResultFile => "predictions.json";

    /// <inheritdoc/>
    public override JsonObject Describe(ImageResult image)
    {
        _labels.Add(image);
        return new JsonObject
        {
            ["file"] = image.File,
            ["label"] = _labels.Of(image.File),
            ["classes"] = new JsonArray([.. image.Classes.Select(prediction => new JsonObject
            {
                ["index"] = prediction.Class,
                ["class"] = prediction.Label,
                ["probability"] = float.IsNaN(prediction.Probability) ? null : prediction.Probability,
            })]),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Lines(ImageResult image) => _csv
        ? PredictionTable.Lines(image)
        : image.Classes.Select(prediction => Columns.Line([Printable(image.File), Printable(prediction.Label), Text($"{prediction.Probability:0.0000}")], _widths, 2));

    /// <inheritdoc/>
    public override void Complete(JsonObject result) => result["accuracy"] = _labels.ToJson();

    /// <inheritdoc/>
    public override string Summary(int images, double seconds, int threads) =>
        (_csv && _labels.Line(_top) is { } accuracy ? $"{accuracy}\n" : "") + base.Summary(images, seconds, threads);
}
