namespace DcpNas.Data;

/// <summary>
/// Finds the images of a folder and their classes: <c>train/CLASS/*</c> with <c>val/CLASS/*</c> (or <c>valid</c>, <c>validation</c>, <c>test</c>), <c>train/CLASS/*</c> alone, <c>CLASS/*</c>, or images with a
/// table of labels (<see cref="LabelFile"/>). Where nothing says which images judge, a share of every class does, drawn with a seed.
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
        && (LabelFile.Find(folder) is not null || ClassesOf(folder).Count(name => Images(Path.Combine(folder, name)).Length > 0) >= FewestClasses);

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

    /// <summary>The image files of a class folder, in ordinal order of their names.</summary>
    public static string[] Images(string classFolder) => Directory.Exists(classFolder)
        ? [.. Directory.EnumerateFiles(classFolder).Where(ImageDecoder.IsImage).Where(path => Path.GetFileName(path)[0] != '.').Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The class folders directly in a folder; none where they are halves of data.</summary>
    private static string[] ClassesOf(string folder) => ClassFolders(folder) is var names && names.Any(name => SplitFolderNames.Contains(name.ToLowerInvariant())) ? [] : names;

    private static ImageListing OfFolders(string train, string[] classNames, string? test)
    {
        if (classNames.Length < FewestClasses)
        {
            throw new InputException($"{train}: expected a folder for each of at least {FewestClasses} classes but found {classNames.Length}. {Layout}");
        }

        var unknown = test is null ? null : ClassFolders(test).Except(classNames, StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw new InputException($"{Path.Combine(test!, unknown)}: the class does not occur in {train}. Add training images or delete the folder.");
        }

        return new ImageListing(classNames, ListClasses(train, classNames, everyClass: true), test is null ? null : ListClasses(test, classNames, everyClass: false));
    }

    private static ImageListing OfTable(string table)
    {
        var rows = LabelFile.Read(table);
        string[] classNames = [.. rows.Select(row => row.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
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
            [.. rows.Where(row => (row.Judges ?? false) == judges).Select(row => (row.Path, Array.IndexOf(classNames, row.Class)))];
    }

    private static List<(string Path, int Label)> ListClasses(string split, string[] classNames, bool everyClass)
    {
        var listed = new List<(string, int)>();
        for (var label = 0; label < classNames.Length; label++)
        {
            var folder = Path.Combine(split, classNames[label]);
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
