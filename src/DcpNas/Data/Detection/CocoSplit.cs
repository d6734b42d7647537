using System.Text.Json;
using DcpNas.Native;

namespace DcpNas.Data.Detection;

/// <summary>What an annotation file of COCO's says.</summary>
/// <remarks>
/// A box is [left, top, width, height] in pixels; <c>area</c> is that of the outline, <c>iscrowd</c> marks boxes of many objects. The file is taken as pycocotools takes it: annotations of images or
/// categories that it does not list are passed over, of two entries with one id the last one counts, and a box without a width is demanded and never found.
/// </remarks>
/// <param name="ClassNames">The categories, in the order of their ids.</param>
/// <param name="CategoryIds">Their ids.</param>
/// <param name="Images">The images, in the order of their ids.</param>
internal sealed record CocoSplit(IReadOnlyList<string> ClassNames, IReadOnlyList<long> CategoryIds, IReadOnlyList<AnnotatedImage> Images)
{
    /// <summary>What to do about a fault of a file.</summary>
    public const string Remedy = "Replace the file by the official one, or correct it.";

    /// <summary>Reads a file.</summary>
    /// <param name="folder">The folder of the data.</param>
    /// <param name="path">The file.</param>
    /// <param name="notes">Counts what is odd.</param>
    /// <exception cref="InputException">The file is broken, or an image is missing.</exception>
    public static CocoSplit Read(string folder, string path, AnnotationNotes notes)
    {
        using var document = JsonInput.Parse(path, Remedy);
        var root = document.RootElement;
        var categories = new SortedDictionary<long, string>();
        foreach (var (item, i) in List(path, root, "categories").Select((item, i) => (item, i)))
        {
            Put(categories, Whole(path, item, $"categories[{i}]", "id"), Text(path, item, $"categories[{i}]", "name"), "category", "categories", $"{path}, categories[{i}]", notes);
        }

        if (categories.Count == 0)
        {
            throw InputException.InFile(path, "categories", "at least one category, each with an id of its own", "none", Remedy);
        }

        var images = ReadImages(folder, path, root, notes);
        ReadObjects(path, root, [.. categories.Keys], images, notes);
        return new CocoSplit([.. categories.Values], [.. categories.Keys], [.. images.Select(pair => new AnnotatedImage(pair.Value.Path, pair.Key, pair.Value.Width, pair.Value.Height, pair.Value.Boxes))]);
    }

    private static SortedDictionary<long, Entry> ReadImages(string folder, string path, JsonElement root, AnnotationNotes notes)
    {
        var (images, files) = (new SortedDictionary<long, Entry>(), new FileNames());
        foreach (var (item, i) in List(path, root, "images").Select((item, i) => (item, i)))
        {
            var place = $"images[{i}]";
            var (file, width, height) = ReadImage(folder, path, item, place, files);
            Put(images, Whole(path, item, place, "id"), new Entry(file, width, height, []), "image", "images", $"{path}, {place}", notes);
        }

        return images.Count > 0 ? images : throw InputException.InFile(path, "images", "at least one image", "none", Remedy);
    }

    /// <summary>The folder in which a file's images lie.</summary>
    public static string FolderOf(string folder, string path) => Path.Combine(folder, Path.GetFileNameWithoutExtension(path)[CocoReader.Prefix.Length..]);

    /// <summary>What an entry says of an image.</summary>
    /// <exception cref="InputException">The entry is broken, or the image is missing.</exception>
    public static (string Path, int Width, int Height) ReadImage(string folder, string path, JsonElement item, string place, FileNames files)
    {
        return (FindImage(folder, path, Text(path, item, place, "file_name"), place, files), Side("width"), Side("height"));

        int Side(string key) => Whole(path, item, place, key) is >= 1 and <= int.MaxValue and var pixels
            ? (int)pixels
            : throw InputException.InFile(path, place, "a width and a height of at least 1", $"{Member(path, item, place, "width").GetRawText()} x {Member(path, item, place, "height").GetRawText()}", Remedy);
    }

    private static void ReadObjects(string path, JsonElement root, List<long> categories, SortedDictionary<long, Entry> images, AnnotationNotes notes)
    {
        foreach (var (item, i) in List(path, root, "annotations").Select((item, i) => (item, i)))
        {
            var place = $"annotations[{i}]";
            if (!images.TryGetValue(Whole(path, item, place, "image_id"), out var image))
            {
                notes.Add("annotation of an image that its file does not list is left out", "annotations of images that their file does not list are left out", $"{path}, {place}");
                continue;
            }

            var index = categories.BinarySearch(Whole(path, item, place, "category_id"));
            if (index < 0)
            {
                notes.Add("annotation of a category that its file does not list is left out", "annotations of categories that their file does not list are left out", $"{path}, {place}");
                continue;
            }

            var box = Numbers(path, item, place, "bbox");
            var isZero = item.TryGetProperty("id", out var id) && JsonInput.TryWhole(id, out var number) && number == 0;
            if (isZero)
            {
                notes.Add("annotation has the id 0, which pycocotools takes for none: a detection that finds it counts as wrong", "annotations have the id 0, which pycocotools takes for none: a detection that finds one counts as wrong", $"{path}, {place}");
            }

            var read = new LabelledBox(index, box[0], box[1], box[0] + box[2], box[1] + box[3])
            {
                Crowd = IsCrowd(path, item, place),
                ObjectArea = item.TryGetProperty("area", out var area) ? Real(path, area, $"{place}.area") : null,
                Annotated = new AnnotatedBox(box[0], box[1], box[2], box[3], isZero),
            };
            image.Boxes.Add(notes.Learnable(read with { ObjectArea = read.ObjectArea ?? (box[2] * box[3]) }, image.Width, image.Height, $"{path}, {place}"));
        }
    }

    /// <summary>Names are relative to the folder of the split, or to that of the data; whatever leads out of the data is refused, since an annotation file may be a stranger's.</summary>
    private static string FindImage(string folder, string path, string name, string place, FileNames files)
    {
        var split = FolderOf(folder, path);
        var slashed = name.Replace('\\', '/');
        var found = files.Find(split, name) ?? files.Find(split, slashed) ?? files.Find(folder, name) ?? files.Find(folder, slashed);
        var expected = Path.Combine(split, name);
        if (found is null)
        {
            throw new InputException($"{expected}: there is no such image, but {path} describes it at {place}.{FileNames.Why(expected)} Add the image, or correct the file.");
        }

        var leavesFolder = Path.IsPathRooted(name) || slashed.Split('/').Contains("..");
        return !leavesFolder || FileIdentity.IsWithin(found, folder)
            ? found
            : throw InputException.InFile(path, $"{place}.file_name", $"a name within {folder}", $"'{name}', which leads out of it", "Put the image into the folder of the data, and name it relative to that.");
    }

    private static void Put<T>(SortedDictionary<long, T> entries, long id, T entry, string one, string many, string where, AnnotationNotes notes)
    {
        if (!entries.TryAdd(id, entry))
        {
            entries[id] = entry;
            notes.Add($"{one} has an id that one before it has, which is left out as pycocotools does", $"{many} have ids that ones before them have, which are left out as pycocotools does", where);
        }
    }

    private static bool IsCrowd(string path, JsonElement item, string place) =>
        item.TryGetProperty("iscrowd", out var crowd) && crowd.ValueKind is not (JsonValueKind.False or JsonValueKind.Null) && (crowd.ValueKind == JsonValueKind.True || Whole(path, item, place, "iscrowd") != 0);

    private static JsonElement.ArrayEnumerator List(string path, JsonElement root, string key) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw InputException.InFile(path, key, "an array", "none", Remedy);

    private static JsonElement Member(string path, JsonElement item, string place, string key) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(key, out var value) ? value : throw InputException.InFile(path, place, $"a key {key}", "none", Remedy);

    private static long Whole(string path, JsonElement item, string place, string key)
    {
        var value = Member(path, item, place, key);
        return JsonInput.TryWhole(value, out var number) ? number : throw InputException.InFile(path, $"{place}.{key}", "a whole number", value.GetRawText(), Remedy);
    }

    private static double Real(string path, JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Abs(number) <= 1e12
            ? number
            : throw InputException.InFile(path, place, "a number", value.GetRawText(), Remedy);

    private static string Text(string path, JsonElement item, string place, string key)
    {
        var value = Member(path, item, place, key);
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : throw InputException.InFile(path, $"{place}.{key}", "a text", value.GetRawText(), Remedy);
    }

    private static double[] Numbers(string path, JsonElement item, string place, string key)
    {
        var value = Member(path, item, place, key);
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 4
            ? [.. value.EnumerateArray().Select((number, i) => Real(path, number, $"{place}.{key}[{i}]"))]
            : throw InputException.InFile(path, $"{place}.{key}", "left, top, width and height", value.GetRawText(), Remedy);
    }

    private sealed record Entry(string Path, int Width, int Height, List<LabelledBox> Boxes);
}
