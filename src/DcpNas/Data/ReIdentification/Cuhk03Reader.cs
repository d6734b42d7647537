namespace DcpNas.Data.ReIdentification;

/// <summary>Reads CUHK03 after its conversion from the published .mat file, as torchreid leaves it: folders of PNG files and JSON files of splits.</summary>
/// <remarks>
/// <c>splits_new_detected.json</c> and its siblings hold a list of splits with <c>train</c>, <c>query</c> and <c>gallery</c>, each a list of
/// <c>[path, person, camera]</c>. Paths are those of the machine that converted; the file names are looked up in images_detected or images_labeled. Persons
/// are numbered from 0 there; here from 1, because 0 stands for distractors.
/// </remarks>
internal static class Cuhk03Reader
{
    /// <summary>What to do about a fault of a file.</summary>
    public const string Remedy = "Convert the data set again.";

    /// <summary>The file of splits for a name of the catalogue.</summary>
    public static string SplitsFile(string name) => name switch
    {
        PersonDatasetNames.Cuhk03Detected => "splits_new_detected.json",
        PersonDatasetNames.Cuhk03Labeled => "splits_new_labeled.json",
        PersonDatasetNames.Cuhk03ClassicDetected => "splits_classic_detected.json",
        _ => "splits_classic_labeled.json",
    };

    /// <summary>The folder of the images that a file of splits names.</summary>
    public static string ImageFolder(string folder, string name) => Path.Combine(folder, IsDetected(name) ? "images_detected" : "images_labeled");

    /// <summary>The last part of a path, whatever system wrote it.</summary>
    public static string FileName(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>Reads one split.</summary>
    /// <exception cref="InputException">The file is damaged or lacks the split, or an image that it names is missing.</exception>
    public static PersonDataset Read(string folder, string name, PersonDatasetOptions options)
    {
        var path = Path.Combine(folder, SplitsFile(name));
        var isDetected = IsDetected(name);
        var images = ImageFolder(folder, name);
        var found = new FileNames();
        var splits = Open(path).Items();
        var number = PersonDatasetNames.IsClassic(name) ? options.SplitId : 0;
        if (number >= splits.Count)
        {
            throw InputException.InFile(path, "its list", $"a split number {number}", $"{splits.Count} splits, numbered from 0", "Choose another --split-id.");
        }

        var title = PersonDatasetNames.IsClassic(name) ? $"CUHK03 (classic split {number}, {(isDetected ? "detected" : "labelled")})" : "CUHK03";
        var train = Part("train");
        var query = Part("query");
        var gallery = Part("gallery");
        if (PersonDatasetNames.IsClassic(name))
        {
            return new PersonDataset(title, train, query, gallery, ChannelStatistics.ImageNet, []);
        }

        var counts = isDetected ? OfficialCounts.Cuhk03Detected : OfficialCounts.Cuhk03Labeled;
        List<string> warnings = [.. counts.Differences(train, query, gallery)];
        return new PersonDataset(warnings.Count == 0 ? counts.Title : $"{counts.Title} (not the official files)", train, query, gallery, ChannelStatistics.ImageNet, warnings);

        PersonFiles Part(string part)
        {
            var files = splits[number][part].Items().Select(ReadEntry).ToList();
            var missing = files.Where(file => !File.Exists(file.Path)).Select(file => file.Path).ToList();
            return missing.Count > 0 ? throw new InputException($"{path}: names {missing.Count} of {files.Count} {part} images that are missing: {missing[0]}{(missing.Count > 1 ? " and others" : "")}.{FileNames.Why(missing[0])} {Remedy}")
                : files.Count == 0 ? throw InputException.InFile(path, part, "images", "none", Remedy)
                : new PersonFiles(title, files, options.Height, options.Width, options.CacheBytes);
        }

        PersonFile ReadEntry(JsonPart entry) => entry.Items() is [var image, var person, var camera, ..]
            ? new PersonFile(Find(FileName(image.Text())), (int)person.Whole(0, int.MaxValue - 1) + 1, camera.Whole())
            : throw entry.Fault("[path, person, camera]");

        string Find(string file) => found.Find(images, file) ?? Path.Combine(images, file);
    }

    private static JsonPart Open(string path) => new(JsonInput.ParseNode(path, Remedy), path, "", Remedy);

    private static bool IsDetected(string name) => name is PersonDatasetNames.Cuhk03Detected or PersonDatasetNames.Cuhk03ClassicDetected;
}
