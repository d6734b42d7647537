using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace DcpNas.Data.Detection;

/// <summary>Reads PASCAL VOC: <c>Annotations/*.xml</c>, <c>JPEGImages/*.jpg</c>, <c>ImageSets/Main/*.txt</c>, of one year or several.</summary>
/// <remarks>
/// Boxes of the files are from the first pixel to the last, counted from 1; here an edge lies between pixels, so that <c>left = xmin - 1</c> and <c>right = xmax</c>, and a width is
/// that of VOC's own program, <c>xmax - xmin + 1</c>. Training: trainval of every year (train, where there is only that). Test: the test list of every year that has one
/// (2007), else val of a year whose training list is train.
/// </remarks>
internal static class VocReader
{
    private const string Remedy = "Replace or delete the file, or take its name off the lists in ImageSets/Main.";

    /// <summary>The 20 classes, in the order of the development kit.</summary>
    public static IReadOnlyList<string> OfficialClasses { get; } =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The folders of years in a folder: itself, or those in it.</summary>
    public static string[] Years(string folder) => IsYear(folder) ? [folder]
        : Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Where(IsYear).Order(StringComparer.Ordinal)] : [];

    /// <summary>Reads all years.</summary>
    /// <returns>The test images are null where no list names any.</returns>
    /// <exception cref="InputException">A list, an annotation or an image is missing or broken, or there is no image.</exception>
    public static (AnnotatedDataset Train, AnnotatedDataset? Test) Read(string folder, long cacheBytes, AnnotationNotes notes)
    {
        var years = Years(folder);
        List<Entry> train = [], test = [];
        foreach (var year in years)
        {
            var lists = Path.Combine(year, "ImageSets", "Main");
            var (learn, judge) = File.Exists(Path.Combine(lists, "trainval.txt")) ? ("trainval.txt", "test.txt") : ("train.txt", File.Exists(Path.Combine(lists, "test.txt")) ? "test.txt" : "val.txt");
            train.AddRange(ReadList(year, Path.Combine(lists, learn), notes));
            if (File.Exists(Path.Combine(lists, judge)))
            {
                test.AddRange(ReadList(year, Path.Combine(lists, judge), notes));
            }
        }

        var learned = train.Select(entry => entry.Annotation).ToHashSet(StringComparer.Ordinal);
        foreach (var both in test.Where(entry => learned.Contains(entry.Annotation)))
        {
            notes.Add("test image is a training image too, so that results say nothing about new images", "test images are training images too, so that results say nothing about new images", both.Annotation);
        }

        var found = train.SelectMany(entry => entry.Objects).Select(item => item.Class).ToHashSet(StringComparer.Ordinal);
        if (found.Count == 0)
        {
            throw new InputException($"{folder}: no training image has an object. Add annotations, or name another folder.");
        }

        IReadOnlyList<string> classes = found.IsSubsetOf(OfficialClasses) ? OfficialClasses : [.. found.Order(StringComparer.Ordinal)];
        return (Create(train), test.Count > 0 ? Create(test) : null);

        AnnotatedDataset Create(List<Entry> entries)
        {
            var images = entries.Select((entry, index) => new AnnotatedImage(entry.Image, index, entry.Width, entry.Height, Label(entry, classes, notes))).ToList();
            return new AnnotatedDataset("PASCAL VOC layout", folder, classes, [.. Enumerable.Range(1, classes.Count)], images, cacheBytes);
        }
    }

    private static bool IsYear(string folder) => Directory.Exists(Path.Combine(folder, "Annotations")) && Directory.Exists(Path.Combine(folder, "ImageSets", "Main"));

    private static List<LabelledBox> Label(Entry entry, IReadOnlyList<string> classes, AnnotationNotes notes)
    {
        var boxes = new List<LabelledBox>();
        foreach (var (name, box) in entry.Objects)
        {
            var index = classes.ToList().IndexOf(name);
            if (index < 0)
            {
                notes.Add("test object of a class that no training image has is left out", "test objects of classes that no training image has are left out", entry.Annotation);
            }
            else if (notes.Inside(box with { Class = index }, entry.Width, entry.Height, entry.Annotation) is { } inside)
            {
                boxes.Add(inside);
            }
        }

        return boxes;
    }

    private static List<Entry> ReadList(string year, string list, AnnotationNotes notes)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(list);
        }
        catch (Exception error) when (DataFile.IsFileFault(error))
        {
            throw DataFile.Unreadable(list, error);
        }

        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var line = 1; line <= lines.Length; line++)
        {
            var name = lines[line - 1].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
            if (name.Length > 0 && !lineOf.TryAdd(name, line))
            {
                throw InputException.InFile(list, $"line {line}", "a name of its own", $"'{name}', which stands in line {lineOf[name]} too", "Delete one of the two lines.");
            }
        }

        return lineOf.Count > 0
            ? [.. lineOf.OrderBy(pair => pair.Value).Select(pair => ReadAnnotation(year, pair.Key, notes))]
            : throw new InputException($"{list}: the list names no image. Add names, or delete the list.");
    }

    private static Entry ReadAnnotation(string year, string name, AnnotationNotes notes)
    {
        var path = Path.Combine(year, "Annotations", $"{name}.xml");
        XElement root;
        try
        {
            // No document type definitions: a file from a stranger must not name other files or grow without end.
            using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (Exception error) when (DataFile.IsFileFault(error))
        {
            throw DataFile.Unreadable(path, error);
        }
        catch (XmlException error)
        {
            throw InputException.InFile(path, $"line {error.LineNumber}", "well-formed XML", error.Message.TrimEnd('.'), Remedy, error);
        }

        var file = root.Element("filename")?.Value.Trim() is { Length: > 0 } given && Path.GetFileName(given) == given ? given : $"{name}.jpg";
        var image = Path.Combine(year, "JPEGImages", file);
        if (!File.Exists(image))
        {
            throw new InputException($"{image}: the image is missing, but {path} describes it. {Remedy}");
        }

        var size = root.Element("size") ?? throw Missing(path, root, "size");
        var (width, height) = ((int)Number(path, size, "width"), (int)Number(path, size, "height"));
        if (width < 1 || height < 1)
        {
            throw InputException.InFile(path, "size", "a width and a height of at least 1", $"{width} x {height}", Remedy);
        }

        var objects = new List<(string, LabelledBox)>();
        foreach (var item in root.Elements("object"))
        {
            var box = item.Element("bndbox") ?? throw Missing(path, item, "bndbox");
            var label = item.Element("name")?.Value.Trim() is { Length: > 0 } text ? text : throw Missing(path, item, "name");
            if (objects.Count == 100_000)
            {
                notes.Add("image has more than 100000 objects and keeps only these", "images have more than 100000 objects and keep only these", path);
                break;
            }

            objects.Add((label, new LabelledBox(0, Number(path, box, "xmin") - 1, Number(path, box, "ymin") - 1, Number(path, box, "xmax"), Number(path, box, "ymax"))
            {
                Difficult = item.Element("difficult") is not null && Number(path, item, "difficult") != 0,
            }));
        }

        return new Entry(path, image, width, height, objects);
    }

    private static double Number(string path, XElement parent, string name)
    {
        var element = parent.Element(name) ?? throw Missing(path, parent, name);
        return double.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && Math.Abs(value) <= 1e6
            ? value
            : throw InputException.InFile(path, Place(element), $"a number in <{name}>", $"'{element.Value.Trim()}'", Remedy);
    }

    private static InputException Missing(string path, XElement parent, string name) =>
        InputException.InFile(path, Place(parent), $"an element <{name}> in <{parent.Name.LocalName}>", "none", Remedy);

    private static string Place(XElement element) => $"line {((IXmlLineInfo)element).LineNumber}";

    private sealed record Entry(string Annotation, string Image, int Width, int Height, IReadOnlyList<(string Class, LabelledBox Box)> Objects);
}
