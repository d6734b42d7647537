namespace DcpNas.Data;

/// <summary>
/// Finds the images of a folder and their classes: <c>train/CLASS/*</c> with <c>val/CLASS/*</c> (or <c>valid</c>, <c>validation</c>, <c>test</c>), <c>train/CLASS/*</c> alone, <c>CLASS/*</c>, or images with a
/// table of labels (<see cref="LabelFile"/>). Where nothing says which are the test images, a share of every class is held out, drawn with a seed.
/// </summary>
internal static class ImageFolderReader
{
    /// <summary>What the data are, however their folder is called.</summary>
    public const string Kind = "image folder";

    private const string Layout = "The layout is train/CLASS/*.jpg and val/CLASS/*.jpg, or CLASS/*.jpg, or images with a file labels.csv.";
    private const int FewestClasses = 2;
    private static readonly string[] TestFolderNames = ["val", "valid", "validation", "test"];
    private static readonly string[] SplitFolderNames = ["train", "training", "val", "valid", "validation", "test", "testing"];

    /// <summary>Lists both splits; images are decoded only when read.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Sizes, and how test images are drawn where the folder names none.</param>
    /// <exception cref="InputException">A folder is missing, a class has no image, or <c>val</c> has a class that <c>train</c> lacks.</exception>
    public static (IImageDataset Train, IImageDataset Test) Read(string folder, DatasetOptions options)
    {
        var listing = List(folder);
        if (listing.Test is { } test)
        {
            return (Open(listing.Train, NameOf(folder)), Open(test, NameOf(folder)));
        }

        var (learns, judges) = listing.HoldOut(NameOf(folder), options);
        var name = $"{NameOf(folder)} ({judges.Count} of its {listing.Train.Count} images held out as test images, seed {options.SplitSeed})";
        return (Open(learns, name), Open(judges, name));

        ImageFolderDataset Open(IReadOnlyList<(string Path, int Label)> images, string called) => new(
            called, listing.ClassNames, [.. images.Select(image => image.Path)], [.. images.Select(image => image.Label)],
            options.ImageSize, options.ResizeTo ?? options.ImageSize, options.CacheBytes);
    }

    /// <summary>What reports call the data: by the name of the folder.</summary>
    public static string NameOf(string folder) => $"{Kind} {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}";

    /// <summary>Whether a folder is laid out for training and test images.</summary>
    public static bool HasTrainFolder(string folder) => ClassFolders(Path.Combine(folder, "train")).Length > 0;

    /// <summary>Whether a folder holds classes, or images with a table of labels, without a folder for training images. Other kinds of data may look like this too.</summary>
    public static bool IsUnsplit(string folder) => !HasTrainFolder(folder)
        && (LabelFile.Find(folder) is not null || ClassesOf(folder).Select(name => Path.Combine(folder, name)).Count(path => ReadableFolder.Is(path, []) && Images(path).Length > 0) >= FewestClasses);

    /// <summary>The images of a folder of any layout.</summary>
    /// <exception cref="InputException">As for <see cref="Read"/>.</exception>
    public static ImageListing List(string folder)
    {
        if (IsUnsplit(folder))
        {
            return LabelFile.Find(folder) is { } table ? OfTable(table) : OfFolders(folder, ClassesOf(folder), null);
        }

        var train = Path.Combine(folder, "train");
        return OfFolders(train, ClassFolders(train), TestFolder(folder));
    }

    /// <summary>The folder of the test images, null if there is none.</summary>
    public static string? TestFolder(string folder) =>
        TestFolderNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists);

    /// <summary>Names of the class folders in ordinal order, which is the order of the labels on every system.</summary>
    public static string[] ClassFolders(string split) => Directory.Exists(split)
        ? [.. Directory.EnumerateDirectories(split).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The classes of a split that are none of the given ones; forms of Unicode do not matter.</summary>
    public static IEnumerable<string> Unknown(string split, IEnumerable<string> classNames) => ClassFolders(split).Except(classNames, CanonicalName.Comparer);

    /// <summary>The folder of a class in a split, also where its name is written in another form of Unicode there; it need not exist.</summary>
    public static string ClassFolder(string split, string name)
    {
        var folder = Path.Combine(split, name);
        return Directory.Exists(folder) ? folder : Path.Combine(split, ClassFolders(split).FirstOrDefault(other => CanonicalName.Comparer.Equals(other, name)) ?? name);
    }

    /// <summary>Two folders whose names look alike; null where there are none.</summary>
    public static (string First, string Second)? OneName(IEnumerable<string> classNames)
    {
        var alike = classNames.GroupBy(name => name, CanonicalName.Comparer).FirstOrDefault(group => group.Count() > 1)?.ToArray();
        return alike is null ? null : (alike[0], alike[1]);
    }

    /// <summary>What is said of folders whose names look alike.</summary>
    public static string OneNameFault(string name) => $"two class folders are called '{name}': their names differ only in their form of Unicode (NFC and NFD). Put their images into one of them.";

    /// <summary>The image files of a class folder, in ordinal order of their names.</summary>
    public static string[] Images(string classFolder) => Directory.Exists(classFolder)
        ? [.. Directory.EnumerateFiles(classFolder).Where(ImageDecoder.IsImage).Where(path => Path.GetFileName(path)[0] != '.').Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The class folders directly in a folder; none where they are halves of data.</summary>
    private static string[] ClassesOf(string folder) => ClassFolders(folder) is var names && names.Any(name => SplitFolderNames.Contains(name.ToLowerInvariant())) ? [] : names;

    /// <summary>Refuses class folders that cannot be opened or told apart by people.</summary>
    private static void Refuse(string split)
    {
        var names = ClassFolders(split);
        FileNames.ThrowIfUnreadable(names.Select(name => Path.Combine(split, name)));
        if (OneName(names) is { } alike)
        {
            throw new InputException($"{Path.Combine(split, alike.First)}: {OneNameFault(alike.First)}");
        }
    }

    private static ImageListing OfFolders(string train, string[] classNames, string? test)
    {
        if (classNames.Length < FewestClasses)
        {
            throw new InputException($"{train}: expected a folder for each of at least {FewestClasses} classes but found {classNames.Length}. {Layout}");
        }

        Refuse(train);
        if (test is not null)
        {
            Refuse(test);
        }

        var unknown = test is null ? null : Unknown(test, classNames).FirstOrDefault();
        if (unknown is not null)
        {
            throw new InputException($"{Path.Combine(test!, unknown)}: the class does not occur in {train}.{FileNames.Why(Path.Combine(train, unknown))} Add training images or delete the folder.");
        }

        return new ImageListing(classNames, ListClasses(train, classNames, everyClass: true), test is null ? null : ListClasses(test, classNames, everyClass: false));
    }

    private static ImageListing OfTable(string table)
    {
        var rows = LabelFile.Read(table);
        string[] classNames = [.. rows.Select(row => row.Class).Distinct(CanonicalName.Comparer).Order(StringComparer.Ordinal)];
        if (classNames.Length < FewestClasses)
        {
            throw InputException.InFile(table, "its classes", $"at least {FewestClasses} classes", $"{classNames.Length}", "Add images of another class.");
        }

        var learns = Take(judges: false);
        var missing = classNames.Where((_, label) => learns.All(image => image.Label != label)).FirstOrDefault();
        if (missing is not null)
        {
            throw InputException.InFile(table, "its classes", "training images of every class", $"none of '{missing}'", "Add training images of it, or take the class out.");
        }

        return new ImageListing(classNames, learns, rows.Any(row => row.Judges == true) ? Take(judges: true) : null);

        List<(string Path, int Label)> Take(bool judges) =>
            [.. rows.Where(row => (row.Judges ?? false) == judges).Select(row => (row.Path, Array.FindIndex(classNames, name => CanonicalName.Comparer.Equals(name, row.Class))))];
    }

    private static List<(string Path, int Label)> ListClasses(string split, string[] classNames, bool everyClass)
    {
        var listed = new List<(string, int)>();
        for (var label = 0; label < classNames.Length; label++)
        {
            var folder = ClassFolder(split, classNames[label]);
            var images = Images(folder);
            if (images.Length == 0 && everyClass)
            {
                throw new InputException($"{folder}: the class has no image ({ImageDecoder.ExtensionList}). Add images or delete the folder.");
            }

            listed.AddRange(images.Select(path => (path, label)));
        }

        return listed.Count > 0 ? listed : throw new InputException($"{split}: no image in any class folder ({ImageDecoder.ExtensionList}). {Layout}");
    }
}
