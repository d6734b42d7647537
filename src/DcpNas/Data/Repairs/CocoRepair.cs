using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Data.Detection;

namespace DcpNas.Data.Repairs;

/// <summary>Copies COCO: images that can be decoded; annotation files without the others and their objects.</summary>
internal static class CocoRepair
{
    /// <summary>Copies both splits of a folder.</summary>
    public static void Run(string folder, RepairCopy copy)
    {
        var (train, test) = CocoReader.Find(folder);
        foreach (var path in (string?[])[train, test])
        {
            JsonObject? file = null;
            if (path is not null && copy.CanUse(path, () => file = Read(path)))
            {
                CopySplit(folder, path, file!, copy);
            }
        }
    }

    private static JsonObject Read(string path)
    {
        using var document = JsonInput.Parse(path, CocoSplit.Remedy);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("images", out var images) && images.ValueKind == JsonValueKind.Array
            ? JsonObject.Create(document.RootElement.Clone())!
            : throw InputException.InFile(path, "images", "an array", "none", CocoSplit.Remedy);
    }

    private static void CopySplit(string folder, string path, JsonObject file, RepairCopy copy)
    {
        var (files, gone) = (new FileNames(), new HashSet<long>());
        var split = CocoSplit.FolderOf(folder, path);
        var kept = new JsonArray();
        var place = 0;
        foreach (var item in file["images"]!.AsArray())
        {
            var element = JsonSerializer.SerializeToElement(item);
            var image = (Path: "", Width: 0, Height: 0);
            var where = $"images[{place++}]";
            if (copy.CanUse($"{path}, {where}", () =>
            {
                image = CocoSplit.ReadImage(folder, path, element, where, files);
                AnnotatedDataset.Verify(image.Path, image.Width, image.Height);
            }))
            {
                var inside = Path.GetRelativePath(split, image.Path);
                var isInside = !Path.IsPathRooted(inside) && inside.Split('/', '\\')[0] != "..";
                var one = item!.DeepClone().AsObject();
                if (isInside)
                {
                    copy.Copy(image.Path, copy.Place(image.Path));
                }

                one["file_name"] = isInside ? inside : copy.CopyInto(image.Path, copy.Place(split));
                kept.Add((JsonNode)one);
            }
            else if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out var id) && JsonInput.TryWhole(id, out var number))
            {
                gone.Add(number);
            }
        }

        file["images"] = kept;
        if (file["annotations"] is JsonArray annotations)
        {
            file["annotations"] = new JsonArray([.. annotations.Where(one => !IsOf(one, gone)).Select(one => one?.DeepClone())]);
        }

        copy.Write(copy.Place(path), file.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static bool IsOf(JsonNode? annotation, HashSet<long> gone) =>
        annotation is JsonObject one && one["image_id"] is JsonValue value && JsonInput.TryWhole(JsonSerializer.SerializeToElement(value), out var image) && gone.Contains(image);
}
