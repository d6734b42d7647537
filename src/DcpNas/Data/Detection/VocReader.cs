using System.Text.RegularExpressions;

namespace DcpNas.Data.Detection;

/// <summary>Reads PASCAL VOC: <c>Annotations/*.xml</c>, <c>JPEGImages/*.jpg</c>, <c>ImageSets/Main/*.txt</c>, of one year or several.</summary>
/// <remarks>
/// Boxes of the files are from the first pixel to the last, counted from 1; here an edge lies between pixels, so that <c>left = xmin - 1</c> and <c>right = xmax</c>, and a width is
/// that of VOC's own program, <c>xmax - xmin + 1</c>. Training: trainval of every year (train, where there is only that). Test: the test list of every year that has one
/// (2007), else val of a year whose training list is train.
/// </remarks>
internal static partial class VocReader
{
    /// <summary>The 20 classes, in the order of the development kit.</summary>
    public static IReadOnlyList<string> OfficialClasses { get; } =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The folders of years in a folder: itself, or those in it.</summary>
    public static string[] Years(string folder) => IsYear(folder) ? [folder]
        : Directory.Exists(folder) ? [.. FolderWalk.Once(Directory.EnumerateDirectories(folder).Where(IsYear).Order(StringComparer.Ordinal), [])] : [];

    /// <summary>Reads all years.</summary>
    /// <returns>The test images are null where no list names any.</returns>
    /// <exception cref="InputException">A list, an annotation or an image is missing or broken, or there is no image.</exception>
    public static (AnnotatedDataset Train, AnnotatedDataset? Test) Read(string folder, long cacheBytes, AnnotationNotes notes)
    {
        var years = Years(folder);
        List<VocAnnotation> train = [], test = [];
        var files = new FileNames();
        foreach (var year in years)
        {
            var lists = Path.Combine(year, "ImageSets", "Main");
            var (learn, judge) = File.Exists(Path.Combine(lists, "trainval.txt")) ? ("trainval.txt", "test.txt") : ("train.txt", File.Exists(Path.Combine(lists, "test.txt")) ? "test.txt" : "val.txt");
            train.AddRange(ReadList(year, Path.Combine(lists, learn), files, notes));
            if (File.Exists(Path.Combine(lists, judge)))
            {
                test.AddRange(ReadList(year, Path.Combine(lists, judge), files, notes));
            }
        }

        var learned = train.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var both in test.Where(entry => learned.Contains(entry.Path)))
        {
            notes.Add("test image is a training image too, so that results say nothing about new images", "test images are training images too, so that results say nothing about new images", both.Path);
        }

        var found = train.SelectMany(entry => entry.Objects).Select(item => item.Class).ToHashSet(CanonicalName.Comparer);
        if (found.Count == 0)
        {
            throw new InputException($"{folder}: no training image has an object. Add annotations, or name another folder.");
        }

        IReadOnlyList<string> classes = found.IsSubsetOf(OfficialClasses) ? OfficialClasses : [.. found.Order(StringComparer.Ordinal)];
        var (trained, tested) = (Create(train), test.Count > 0 ? Create(test) : null);
        TargetCheck.Run(folder, trained, tested, notes);
        return (trained, tested);

        AnnotatedDataset Create(List<VocAnnotation> entries)
        {
            var images = entries.Select((entry, index) => new AnnotatedImage(entry.Image, index, entry.Width, entry.Height, Label(entry, classes, notes))).ToList();
            return new AnnotatedDataset("PASCAL VOC layout", folder, classes, [.. Enumerable.Range(1, classes.Count).Select(number => (long)number)], images, cacheBytes);
        }
    }

    private static bool IsYear(string folder) => Directory.Exists(Path.Combine(folder, "Annotations")) && Directory.Exists(Path.Combine(folder, "ImageSets", "Main"));

    private static List<LabelledBox> Label(VocAnnotation entry, IReadOnlyList<string> classes, AnnotationNotes notes)
    {
        var boxes = new List<LabelledBox>();
        var names = classes.Select(CanonicalName.Key).ToList();
        foreach (var (name, box) in entry.Objects)
        {
            var index = names.IndexOf(CanonicalName.Key(name));
            if (index < 0)
            {
                notes.Add("test object of a class that no training image has is left out", "test objects of classes that no training image has are left out", entry.Path);
            }
            else if (notes.Inside(box with { Class = index }, entry.Width, entry.Height, entry.Path) is { } inside)
            {
                boxes.Add(inside);
            }
        }

        return boxes;
    }

    private static List<VocAnnotation> ReadList(string year, string list, FileNames files, AnnotationNotes notes)
    {
        var lines = TextInput.ReadLines(list);
        var lineOf = new Dictionary<string, int>(CanonicalName.Comparer);
        for (var line = 1; line <= lines.Length; line++)
        {
            var name = NameIn(year, lines[line - 1], files);
            if (name.Length > 0 && !lineOf.TryAdd(name, line))
            {
                throw InputException.InFile(list, $"line {line}", "a name of its own", $"'{name}', which stands in line {lineOf[name]} too", "Delete one of the two lines.");
            }
        }

        return lineOf.Count > 0
            ? [.. lineOf.OrderBy(pair => pair.Value).Select(pair => VocAnnotation.Read(year, pair.Key, $"{list}, line {pair.Value}", files, notes))]
            : throw new InputException($"{list}: the list names no image. Add names, or delete the list.");
    }

    /// <summary>A name is the whole line, blanks in it included; what follows a blank is left out only where it is a mark of a list per class (-1, 0, 1) and no file has that name.</summary>
    internal static string NameIn(string year, string line, FileNames files)
    {
        var name = line.Trim();
        return Exists(line) ? line
            : !Exists(name) && Marked().Match(name) is { Success: true } marked && Exists(marked.Groups[1].Value) ? marked.Groups[1].Value
            : name;

        bool Exists(string candidate) => candidate.Length > 0 && files.Find(Path.Combine(year, VocAnnotation.Folder), candidate + VocAnnotation.Extension) is not null;
    }

    [GeneratedRegex(@"^(.*\S)\s+(?:-1|0|1)$")]
    private static partial Regex Marked();
}
