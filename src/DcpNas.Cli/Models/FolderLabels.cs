using System.Text.Json.Nodes;
using DcpNas.Inference;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>The classes that folders of images are named after, and how often predictions agree with them.</summary>
/// <param name="named">What the user named: files in it are not looked at, only those found in folders.</param>
/// <param name="classNames">The classes of the model.</param>
internal sealed class FolderLabels(IEnumerable<string> named, IEnumerable<string> classNames)
{
    private readonly HashSet<string> _named = [.. named];
    private readonly HashSet<string> _classNames = [.. classNames];
    private readonly SortedDictionary<string, (int Right, int Images)> _perClass = new(StringComparer.Ordinal);
    private int _top;

    private int Images => _perClass.Values.Sum(one => one.Images);

    private int Right => _perClass.Values.Sum(one => one.Right);

    /// <summary>The class that the folder of an image is named after; null where it is none.</summary>
    public string? Of(string file) =>
        !_named.Contains(file) && Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) is { } folder && _classNames.Contains(folder) ? folder : null;

    /// <summary>Counts the predictions of an image, best first.</summary>
    public void Add(ImageResult image)
    {
        if (Of(image.File) is not { } label)
        {
            return;
        }

        var (right, images) = _perClass.GetValueOrDefault(label);
        _perClass[label] = (right + (image.Classes[0].Label == label ? 1 : 0), images + 1);
        _top += image.Classes.Any(prediction => prediction.Label == label) ? 1 : 0;
    }

    /// <summary>One line for people; null where no folder is named after a class.</summary>
    /// <param name="top">Classes per image.</param>
    public string? Line(int top) => Images == 0 ? null
        : Text($"accuracy {100.0 * Right / Images:0.0} % of {Count(Images, "image")} in folders of their class")
            + (top > 1 && top < _classNames.Count ? Text($", {100.0 * _top / Images:0.0} % among the first {top}") : "")
            + $" ({string.Join(", ", _perClass.Select(one => $"{Printable(one.Key)} {one.Value.Right} of {one.Value.Images}"))})";

    /// <summary>The same for programs; null where no folder is named after a class.</summary>
    public JsonObject? ToJson() => Images == 0 ? null : new JsonObject
    {
        ["top1"] = (double)Right / Images,
        ["top"] = (double)_top / Images,
        ["images"] = Images,
        ["classes"] = new JsonObject(_perClass.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)new JsonObject { ["right"] = one.Value.Right, ["images"] = one.Value.Images }))),
    };
}
