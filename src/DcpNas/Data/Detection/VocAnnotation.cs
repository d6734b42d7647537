using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace DcpNas.Data.Detection;

/// <summary>An annotation file of PASCAL VOC.</summary>
/// <param name="Path">The file.</param>
/// <param name="Image">The image that it describes.</param>
/// <param name="Width">Columns of the image.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Objects">Names of classes, and boxes whose class is still to be set.</param>
internal sealed record VocAnnotation(string Path, string Image, int Width, int Height, IReadOnlyList<(string Class, LabelledBox Box)> Objects)
{
    /// <summary>The folder of annotations in that of a year.</summary>
    public const string Folder = "Annotations";

    /// <summary>How their names end.</summary>
    public const string Extension = ".xml";

    private const string Remedy = "Replace or delete the file, or take its name off the lists in ImageSets/Main.";
    private const int MostObjects = 100_000;

    /// <summary>Reads a file.</summary>
    /// <param name="year">The folder of the year.</param>
    /// <param name="name">The name on the list.</param>
    /// <param name="listed">Where the list names it.</param>
    /// <param name="files">Finds files.</param>
    /// <param name="notes">Counts what is odd.</param>
    /// <exception cref="InputException">The file or its image is missing, or the file is broken.</exception>
    public static VocAnnotation Read(string year, string name, string listed, FileNames files, AnnotationNotes notes)
    {
        var expected = System.IO.Path.Combine(year, Folder, name + Extension);
        var path = files.Find(System.IO.Path.Combine(year, Folder), name + Extension)
            ?? throw new InputException($"{expected}: there is no such annotation, but {listed} names it.{FileNames.Why(expected)} Add the file, or correct the list.");
        var root = XmlInput.Load(path, Remedy);
        var (width, height) = Size(path, root);
        var image = FindImage(year, name, path, root, files);
        var objects = new List<(string, LabelledBox)>();
        foreach (var item in root.Elements("object"))
        {
            // Some tools write all objects of a class into one element: each box is an object.
            List<XElement> boxes = [.. item.Elements("bndbox")];
            if (boxes.Count == 0)
            {
                throw Missing(path, item, "bndbox");
            }

            var label = Text(path, item, "name") is { Length: > 0 } text ? text : throw Missing(path, item, "name");
            var difficult = Element(path, item, "difficult") is not null && Number(path, item, "difficult") != 0;
            foreach (var box in boxes)
            {
                if (objects.Count == MostObjects)
                {
                    notes.Add($"image has more than {MostObjects} objects and keeps only these", $"images have more than {MostObjects} objects and keep only these", path);
                    return new VocAnnotation(path, image, width, height, objects);
                }

                objects.Add((label, new LabelledBox(0, Number(path, box, "xmin") - 1, Number(path, box, "ymin") - 1, Number(path, box, "xmax"), Number(path, box, "ymax")) { Difficult = difficult }));
            }
        }

        return new VocAnnotation(path, image, width, height, objects);
    }

    private static (int Width, int Height) Size(string path, XElement root)
    {
        var size = Element(path, root, "size") ?? throw Missing(path, root, "size");
        var (width, height) = ((int)Number(path, size, "width"), (int)Number(path, size, "height"));
        return width >= 1 && height >= 1 ? (width, height) : throw InputException.InFile(path, "size", "a width and a height of at least 1", $"{width} x {height}", Remedy);
    }

    private static string FindImage(string year, string name, string path, XElement root, FileNames files)
    {
        var file = Text(path, root, "filename") is { Length: > 0 } given && System.IO.Path.GetFileName(given) == given ? given : $"{name}.jpg";
        var folder = System.IO.Path.Combine(year, "JPEGImages");
        var image = System.IO.Path.Combine(folder, file);
        return files.Find(folder, file) ?? throw new InputException($"{image}: there is no such image, but {path} describes it.{FileNames.Why(image)} {Remedy}");
    }

    private static string? Text(string path, XElement parent, string name) => Element(path, parent, name)?.Value.Trim();

    private static double Number(string path, XElement parent, string name)
    {
        var element = Element(path, parent, name) ?? throw Missing(path, parent, name);
        return double.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && Math.Abs(value) <= 1e6
            ? value
            : throw InputException.InFile(path, Place(element), $"a number in <{name}>", $"'{element.Value.Trim()}'", Remedy);
    }

    /// <summary>The one element of a name; which of two was meant, nobody can tell.</summary>
    private static XElement? Element(string path, XElement parent, string name) => parent.Elements(name).Take(2).ToList() switch
    {
        [] => null,
        [var only] => only,
        [_, var second, ..] => throw InputException.InFile(path, Place(second), $"one element <{name}> in <{parent.Name.LocalName}>", "a second one", Remedy),
    };

    private static InputException Missing(string path, XElement parent, string name) =>
        InputException.InFile(path, Place(parent), $"an element <{name}> in <{parent.Name.LocalName}>", "none", Remedy);

    private static string Place(XElement element) => $"line {((IXmlLineInfo)element).LineNumber}";
}
