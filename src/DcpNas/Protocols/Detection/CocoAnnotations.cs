using System.Text.Json;
using DcpNas.Data.Detection;

namespace DcpNas.Protocols.Detection;

/// <summary>An annotation file of COCO (<c>instances_*.json</c>): images, categories and boxes.</summary>
/// <param name="Images">The images, in the order of the file.</param>
/// <param name="Categories">The categories, in the order of the file.</param>
/// <param name="Objects">The objects, in the order of the file.</param>
public sealed record CocoAnnotations(IReadOnlyList<CocoImageEntry> Images, IReadOnlyList<CocoCategoryEntry> Categories, IReadOnlyList<GroundTruthBox> Objects)
{
    private const string Remedy = "Give COCO's annotations: an object with images, annotations (image_id, category_id, bbox, area, iscrowd) and categories.";

    /// <summary>Reads a file; keys that boxes do not need are passed over.</summary>
    /// <exception cref="InputException">The file cannot be read, is of another form, or its parts do not belong together.</exception>
    public static CocoAnnotations Read(string path)
    {
        using var stream = ProtocolJson.Open(path, "a COCO annotation file");
        return Read(stream, path);
    }

    /// <summary>Reads UTF-8 text.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InputException">The text is of another form, or its parts do not belong together.</exception>
    public static CocoAnnotations Read(Stream stream, string source) =>
        From(ProtocolJson.Read<CocoAnnotationsRecord>(stream, source, ProtocolJson.Tolerant, Remedy), source);

    /// <summary>Writes a file in one step, annotations numbered from 1.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, ToRecord(), ProtocolJson.Tolerant));

    /// <summary>What was odd in the file, one sentence each; it is evaluated as pycocotools evaluates it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    internal static CocoAnnotations From(CocoAnnotationsRecord file, string source)
    {
        var notes = new AnnotationNotes();
        var images = Last(file.Images, image => image.Id, "image", "images", source, notes);
        var categories = Last(file.Categories, category => category.Id, "category", "categories", source, notes);
        var lastOf = file.Annotations.Select((one, i) => (one.Id, i)).Where(pair => pair.Id is not null).GroupBy(pair => pair.Id!.Value).ToDictionary(group => group.Key, group => group.Last().i);
        var objects = new List<GroundTruthBox>(file.Annotations.Length);
        for (var i = 0; i < file.Annotations.Length; i++)
        {
            var (named, place) = (file.Annotations[i], $"{source}, annotations[{i}]");
            var judged = named.Id is { } id ? lastOf[id] : i;
            var one = file.Annotations[judged];
            if (!images.ContainsKey(named.ImageId) || !images.ContainsKey(one.ImageId))
            {
                notes.Add("annotation of an image that the file does not list is left out", "annotations of images that the file does not list are left out", place);
                continue;
            }

            if (!categories.ContainsKey(named.CategoryId) || !categories.ContainsKey(one.CategoryId))
            {
                notes.Add("annotation of a category that the file does not list is left out", "annotations of categories that the file does not list are left out", place);
                continue;
            }

            if (judged != i)
            {
                notes.Add("annotation has an id that a later one has, which pycocotools judges in its place", "annotations have ids that later ones have, which pycocotools judges in their places", place);
            }

            objects.Add(Truth(one, source, $"annotations[{judged}]", place, notes));
        }

        return new CocoAnnotations([.. images.Values], [.. categories.Values], objects) { Notes = notes.Lines };
    }

    private static GroundTruthBox Truth(CocoAnnotationRecord one, string source, string judged, string place, AnnotationNotes notes)
    {
        var box = CocoBoxes.Parse(one.Bbox, source, $"{judged}.bbox");
        if (box.Width < 0 || box.Height < 0)
        {
            notes.Add("box has a negative size, so that nothing finds it", "boxes have a negative size, so that nothing finds them", place);
        }

        if (one.Area < 0)
        {
            notes.Add("object has a negative area, so that no range of areas demands it", "objects have a negative area, so that no range of areas demands them", place);
        }

        if (one.Id == 0)
        {
            notes.Add("annotation has the id 0, which pycocotools takes for none: a detection that finds it counts as wrong", "annotations have the id 0, which pycocotools takes for none: a detection that finds one counts as wrong", place);
        }

        return new GroundTruthBox(one.ImageId, one.CategoryId, box) { Area = one.Area, Crowd = one.IsCrowd != 0, HasIdZero = one.Id == 0 };
    }

    /// <summary>Entries by their ids; of two with one id the last one counts.</summary>
    private static Dictionary<long, T> Last<T>(IEnumerable<T> entries, Func<T, long> id, string one, string many, string source, AnnotationNotes notes)
    {
        var known = new Dictionary<long, T>();
        var place = 0;
        foreach (var entry in entries)
        {
            if (!known.TryAdd(id(entry), entry))
            {
                known[id(entry)] = entry;
                notes.Add($"{one} has an id that one before it has, which is left out as pycocotools does", $"{many} have ids that ones before them have, which are left out as pycocotools does", $"{source}, {many}[{place}]");
            }

            place++;
        }

        return known;
    }

    internal CocoAnnotationsRecord ToRecord() => new(
        [.. Images],
        [.. Objects.Select((one, i) => new CocoAnnotationRecord(one.Image, one.Category, CocoBoxes.Write(one.Box), one.Area, one.Crowd ? 1 : 0, i + 1))],
        [.. Categories]);
}
