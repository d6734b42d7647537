namespace DcpNas.Data.Detection;

/// <summary>Reads COCO: <c>annotations/instances_SPLIT.json</c> with the images in the folder <c>SPLIT</c>, where SPLIT begins with train or val.</summary>
/// <remarks>What pycocotools passes over is passed over, and counted: <see cref="CocoSplit"/>.</remarks>
internal static class CocoReader
{
    /// <summary>What the data are, however their folder is called.</summary>
    public const string Kind = "COCO layout";

    /// <summary>What the names of annotation files begin with.</summary>
    public const string Prefix = "instances_";

    private const string Remedy = "Give both files the same categories, in the order of their ids.";

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
    /// <exception cref="InputException">A file or an image is missing or broken, or there is no training image with an object to learn.</exception>
    public static (AnnotatedDataset Train, AnnotatedDataset? Test) Read(string folder, long cacheBytes, AnnotationNotes notes)
    {
        var (trainFile, testFile) = Find(folder);
        var train = CocoSplit.Read(folder, trainFile!, notes);
        var test = testFile is null ? null : CocoSplit.Read(folder, testFile, notes);
        if (test is not null && !test.ClassNames.SequenceEqual(train.ClassNames, CanonicalName.Comparer))
        {
            var place = Enumerable.Range(0, Math.Max(test.ClassNames.Count, train.ClassNames.Count)).First(i => !CanonicalName.Comparer.Equals(test.ClassNames.ElementAtOrDefault(i), train.ClassNames.ElementAtOrDefault(i)));
            throw InputException.InFile(testFile!, "categories", $"the {train.ClassNames.Count} categories of {Path.GetFileName(trainFile)}", $"{test.ClassNames.Count} others: number {place + 1} is {Name(train, place)} there and {Name(test, place)} here", Remedy);
        }

        var (learned, judged) = (Create(train), test is null ? null : Create(test with { ClassNames = train.ClassNames }));
        TargetCheck.Run(trainFile!, learned, judged, notes);
        return (learned, judged);

        AnnotatedDataset Create(CocoSplit split) => new(Kind, folder, split.ClassNames, split.CategoryIds, split.Images, cacheBytes);

        static string Name(CocoSplit split, int place) => split.ClassNames.ElementAtOrDefault(place) is { } name ? $"'{name}'" : "none";
    }
}
