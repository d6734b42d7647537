using System.Text.Json;
using DcpNas.Runs;

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

    internal static CocoAnnotations From(CocoAnnotationsRecord file, string source)
    {
        var images = Unique(file.Images.Select(image => image.Id), source, "images");
        var categories = Unique(file.Categories.Select(category => (long)category.Id), source, "categories");
        var objects = new GroundTruthBox[file.Annotations.Length];
        for (var i = 0; i < objects.Length; i++)
        {
            var (one, place) = (file.Annotations[i], $"annotations[{i}]");
            if (!images.Contains(one.ImageId))
            {
                throw InputException.InFile(source, $"{place}.image_id", "the id of one of the images", $"{one.ImageId}", "Add the image, or remove the annotation.");
            }

            if (!categories.Contains(one.CategoryId))
            {
                throw InputException.InFile(source, $"{place}.category_id", "the id of one of the categories", $"{one.CategoryId}", "Add the category, or remove the annotation.");
            }

            if (one.IsCrowd is not (0 or 1))
            {
                throw InputException.InFile(source, $"{place}.iscrowd", "0 or 1", $"{one.IsCrowd}", Remedy);
            }

            if (!(one.Area >= 0))
            {
                throw InputException.InFile(source, $"{place}.area", "at least 0", $"{one.Area}", Remedy);
            }

            objects[i] = new GroundTruthBox(one.ImageId, one.CategoryId, CocoBoxes.Parse(one.Bbox, source, $"{place}.bbox")) { Area = one.Area, Crowd = one.IsCrowd == 1 };
        }

        return new CocoAnnotations(file.Images, file.Categories, objects);
    }

    internal CocoAnnotationsRecord ToRecord() => new(
        [.. Images],
        [.. Objects.Select((one, i) => new CocoAnnotationRecord(one.Image, one.Category, CocoBoxes.Write(one.Box), one.Area, one.Crowd ? 1 : 0, i + 1))],
        [.. Categories]);

    private static HashSet<long> Unique(IEnumerable<long> ids, string source, string list)
    {
        var known = new HashSet<long>();
        var place = 0;
        foreach (var id in ids)
        {
            if (!known.Add(id))
            {
                throw InputException.InFile(source, $"{list}[{place}].id", "an id that occurs once", $"{id} again", "Number them anew.");
            }

            place++;
        }

        return known;
    }
}
