namespace DcpNas.Data.Repairs;

/// <summary>Copies an image folder: images that can be decoded, of classes that can be learned.</summary>
internal static class ImageFolderRepair
{
    /// <summary>Copies <c>train</c> and <c>val</c>, classes without halves, or images with their table.</summary>
    public static void Run(string folder, RepairCopy copy)
    {
        if (ImageFolderReader.HasTrainFolder(folder))
        {
            var train = Path.Combine(folder, "train");
            var classes = CopyClasses(train, null, copy);
            if (ImageFolderReader.TestFolder(folder) is { } test)
            {
                CopyClasses(test, classes, copy);
            }
        }
        else if (LabelFile.Find(folder) is { } table)
        {
            CopyTable(table, copy);
        }
        else
        {
            CopyClasses(folder, null, copy);
        }
    }

    /// <summary>Copies the class folders of a split.</summary>
    /// <param name="split">The split.</param>
    /// <param name="known">The classes of the training images by their keys; null where these are the training images.</param>
    /// <param name="copy">The copy.</param>
    /// <returns>The names of the classes that have images, by their keys: folders whose names differ in their form of Unicode become one.</returns>
    private static Dictionary<string, string> CopyClasses(string split, Dictionary<string, string>? known, RepairCopy copy)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in ImageFolderReader.ClassFolders(split))
        {
            var folder = Path.Combine(split, name);
            if (FileNames.IsUnreadable(folder))
            {
                copy.Leave(folder, $"cannot be opened.{FileNames.Why(folder)}");
                continue;
            }

            var key = CanonicalName.Key(name);
            if (known is not null && !known.ContainsKey(key))
            {
                copy.Leave(folder, "the class has no training image that can be used.");
                continue;
            }

            string[] images = [.. ImageFolderReader.Images(folder).Where(path => copy.CanUse(path, () => ImageDecoder.Verify(path)))];
            if (images.Length == 0 && known is null)
            {
                copy.Leave(folder, "the class has no training image that can be used.");
                continue;
            }

            var called = (known ?? names).GetValueOrDefault(key, name);
            names.TryAdd(key, called);
            foreach (var image in images)
            {
                copy.CopyInto(image, Path.Combine(copy.Place(split), called));
            }
        }

        return names;
    }

    private static void CopyTable(string table, RepairCopy copy)
    {
        IReadOnlyList<LabelledFile> rows = [];
        if (!copy.CanUse(table, () => rows = LabelFile.Read(table)))
        {
            return;
        }

        var folder = Path.GetDirectoryName(copy.Place(table))!;
        var lines = new List<string> { "file,class,split" };
        foreach (var row in rows.Where(row => copy.CanUse(row.Path, () => ImageDecoder.Verify(row.Path))))
        {
            var name = copy.CopyInto(row.Path, Path.Combine(folder, "images"));
            lines.Add($"{Cell($"images/{name}")},{Cell(row.Class)},{(row.Judges == true ? "test" : "train")}");
        }

        copy.Write(Path.Combine(folder, LabelFile.PreferredName), string.Join('\n', rows.Any(row => row.Judges is not null) ? lines : lines.Select(line => line[..line.LastIndexOf(',')])) + "\n");

        static string Cell(string text) => text.AsSpan().ContainsAny(",;\"\t") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
