using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Data.ReIdentification;

namespace DcpNas.Data.Repairs;

/// <summary>Copies images of persons: those that can be decoded and whose names say whom they show.</summary>
internal static class PersonRepair
{
    /// <summary>Copies the layout of Market-1501, or a file of splits of CUHK03 with its images.</summary>
    public static void Run(string kind, string folder, RepairCopy copy)
    {
        var splits = Path.Combine(folder, Cuhk03Reader.SplitsFile(kind));
        if (kind.StartsWith("cuhk03", StringComparison.Ordinal) && File.Exists(splits))
        {
            CopySplits(kind, folder, splits, copy);
            return;
        }

        foreach (var part in MarketReader.Folders.Append(MarketReader.More).Select(part => Path.Combine(folder, part)).Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(part).Where(ImageDecoder.IsImage).Order(StringComparer.Ordinal))
            {
                if (MarketReader.Parse(Path.GetFileName(path)) is null)
                {
                    copy.Leave(path, "the name does not begin with PERSON_cCAMERA.");
                }
                else if (copy.CanUse(path, () => ImageDecoder.Verify(path)))
                {
                    copy.Copy(path, copy.Place(path));
                }
            }
        }
    }

    private static void CopySplits(string kind, string folder, string path, RepairCopy copy)
    {
        JsonArray? splits = null;
        if (!copy.CanUse(path, () =>
        {
            using var document = JsonInput.Parse(path, Cuhk03Reader.Remedy);
            splits = document.RootElement.ValueKind == JsonValueKind.Array ? JsonArray.Create(document.RootElement.Clone()) : throw InputException.InFile(path, "its start", "a list of splits", "something else", Cuhk03Reader.Remedy);
        }))
        {
            return;
        }

        var (images, files) = (Cuhk03Reader.ImageFolder(folder, kind), new FileNames());
        foreach (var split in splits!.OfType<JsonObject>())
        {
            foreach (var part in (string[])["train", "query", "gallery"])
            {
                if (split[part] is JsonArray entries)
                {
                    split[part] = new JsonArray([.. entries.Where(CanUse).Select(entry => entry!.DeepClone())]);
                }
            }
        }

        copy.Write(copy.Place(path), splits!.ToJsonString());

        bool CanUse(JsonNode? entry)
        {
            if (entry is not JsonArray { Count: 3 } fields || fields[0] is not JsonValue value || !value.TryGetValue<string>(out var name))
            {
                copy.Leave(path, $"an entry is no [path, person, camera]: {entry?.ToJsonString() ?? "null"}.");
                return false;
            }

            var image = Path.Combine(images, Cuhk03Reader.FileName(name));
            return copy.CanUse(image, () =>
            {
                var found = files.Find(images, Cuhk03Reader.FileName(name)) ?? throw new InputException($"{image}: there is no such image, but {path} names it.{FileNames.Why(image)}");
                ImageDecoder.Verify(found);
                copy.Copy(found, copy.Place(found));
            });
        }
    }
}
