using System.Text.Json;

namespace DcpNas.Data.Detection;

/// <summary>Reads COCO: <c>annotations/instances_SPLIT.json</c> with the images in the folder <c>SPLIT</c>, where SPLIT begins with train or val.</summary>
/// <remarks>A box is [left, top, width, height] in pixels; <c>area</c> is that of the outline, <c>iscrowd</c> marks boxes of many objects.</remarks>
internal static class CocoReader
{
    private const string Remedy = "Replace the file by the official one, or correct it.";

    /// <summary>What the data are, however their folder is called.</summary>
    public const string Kind = "COCO layout";

    private const string Prefix = "instances_";

    /// <summary>The annotation files of a folder.</summary>
    /// <returns>Paths, or null where there is none.</returns>
    public static (string? Train, string? Test) Find(string folder)
    {
        var annotations = Path.Combine(folder, "annotations");
        return Directory.Exists(annotations) ? (First("train"), First("val")) : (null, null);

        string? First(string split) => Directory.EnumerateFiles(annotations, $"{Prefix}{split}*.json").Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Reads the splits of a folder.</summary>
    /// <returns>The test images are null where there is no file of val.</returns>
    /// <exception cref="InputException">A file or an image is missing or broken, or there is no training image with an object.</exception>
    public static (AnnotatedDataset Train, AnnotatedDataset? Test) Read(string folder, long cacheBytes, AnnotationNotes notes)
    {
        var (trainFile, testFile) = Find(folder);
        var train = ReadFile(folder, trainFile!, null, cacheBytes, notes);
        if (Enumerable.Range(0, train.Count).All(index => train.Boxes(index).Count == 0))
        {
            throw new InputException($"{trainFile}: no training image has an object. Add annotations, or name another folder.");
        }

        return (train, testFile is null ? null : ReadFile(folder, testFile, train, cacheBytes, notes));
    }

    private static AnnotatedDataset ReadFile(string folder, string path, AnnotatedDataset? train, long cacheBytes, AnnotationNotes notes)
    {
        using var document = Parse(path);
        var root = document.RootElement;
        var categories = List(path, root, "categories").Select((item, i) => (Id: (int)Whole(path, item, $"categories[{i}]", "id"), Name: Text(path, item, $"categories[{i}]", "name")))
            .OrderBy(category => category.Id).ToList();
        if (categories.Select(category => category.Id).Distinct().Count() < categories.Count || categories.Count == 0)
        {
            throw InputException.InFile(path, "categories", "at least one category, each with an id of its own", categories.Count == 0 ? "none" : "an id that occurs twice", Remedy);
        }

        if (train is not null && !categories.Select(category => category.Name).SequenceEqual(train.ClassNames))
        {
            throw InputException.InFile(path, "categories", $"the {train.ClassNames.Count} categories of the training file", $"{categories.Count} others", Remedy);
        }

        var split = Path.GetFileNameWithoutExtension(path)[Prefix.Length..];
        var images = new Dictionary<long, (string Path, int Width, int Height, List<LabelledBox> Boxes)>();
        foreach (var (item, i) in List(path, root, "images").Select((item, i) => (item, i)))
        {
            var place = $"images[{i}]";
            var name = Text(path, item, place, "file_name");
            var file = Path.Combine(folder, split, name);
            if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..") || !File.Exists(file))
            {
                throw new InputException($"{file}: the image is missing, but {path} describes it at {place}. Add the image, or correct the file.");
            }

            var (width, height) = ((int)Whole(path, item, place, "width"), (int)Whole(path, item, place, "height"));
            if (width < 1 || height < 1)
            {
                throw InputException.InFile(path, place, "a width and a height of at least 1", $"{width} x {height}", Remedy);
            }

            if (!images.TryAdd(Whole(path, item, place, "id"), (file, width, height, [])))
            {
                throw InputException.InFile(path, place, "an id of its own", "one that is taken", Remedy);
            }
        }

        if (images.Count == 0)
        {
            throw InputException.InFile(path, "images", "at least one image", "none", Remedy);
        }

        foreach (var (item, i) in List(path, root, "annotations").Select((item, i) => (item, i)))
        {
            var place = $"annotations[{i}]";
            var id = Whole(path, item, place, "image_id");
            var image = images.TryGetValue(id, out var known) ? known : throw InputException.InFile(path, $"{place}.image_id", "the id of an image of the file", $"{id}", Remedy);
            var category = Whole(path, item, place, "category_id");
            var index = categories.FindIndex(one => one.Id == category);
            if (index < 0)
            {
                throw InputException.InFile(path, $"{place}.category_id", "the id of a category of the file", $"{category}", Remedy);
            }

            var box = Numbers(path, item, place, "bbox");
            var read = new LabelledBox(index, box[0], box[1], box[0] + box[2], box[1] + box[3])
            {
                Crowd = item.TryGetProperty("iscrowd", out _) && Whole(path, item, place, "iscrowd") != 0,
                ObjectArea = item.TryGetProperty("area", out _) ? Real(path, item.GetProperty("area"), $"{place}.area") : null,
            };
            if (notes.Inside(read, image.Width, image.Height, $"{path}, {place}") is { } inside)
            {
                image.Boxes.Add(inside);
            }
        }

        return new AnnotatedDataset(
            Kind,
            folder,
            [.. categories.Select(category => category.Name)],
            [.. categories.Select(category => category.Id)],
            images.OrderBy(pair => pair.Key).Select(pair => new AnnotatedImage(pair.Value.Path, pair.Key, pair.Value.Width, pair.Value.Height, pair.Value.Boxes)),
            cacheBytes);
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(DataFile.ReadAllBytes(path));
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, JsonFault.Place(error), "JSON", $"something else ({JsonFault.Reason(error)})", Remedy, error);
        }
    }

    private static JsonElement.ArrayEnumerator List(string path, JsonElement root, string key) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw InputException.InFile(path, key, "an array", "none", Remedy);

    private static JsonElement Member(string path, JsonElement item, string place, string key) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(key, out var value) ? value : throw InputException.InFile(path, place, $"a key {key}", "none", Remedy);

    private static long Whole(string path, JsonElement item, string place, string key)
    {
        var value = Member(path, item, place, key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is >= 0 and <= int.MaxValue
            ? number
            : throw InputException.InFile(path, $"{place}.{key}", "a whole number from 0", value.GetRawText(), Remedy);
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
}
