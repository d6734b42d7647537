namespace DcpNas.Data;

/// <summary>Finds the images of <c>train/CLASS/*</c> and <c>val/CLASS/*</c> (or <c>test/CLASS/*</c>).</summary>
internal static class ImageFolderReader
{
    private const string Layout = "The layout is train/CLASS/*.jpg and val/CLASS/*.jpg.";
    private static readonly string[] TestFolderNames = ["val", "test"];

    /// <summary>Lists both splits; images are decoded only when read.</summary>
    /// <exception cref="InputException">A folder is missing, a class has no image, or <c>val</c> has a class that <c>train</c> lacks.</exception>
    public static (IImageDataset Train, IImageDataset Test) Read(string folder, int size, int resize, long cacheBytes)
    {
        var train = Path.Combine(folder, "train");
        var test = TestFolder(folder) ?? throw new InputException($"{Path.Combine(folder, "val")}: the folder is missing. {Layout}");
        var classNames = ClassFolders(train);
        if (classNames.Length < 2)
        {
            throw new InputException($"{train}: expected a folder for each of at least 2 classes but found {classNames.Length}. {Layout}");
        }

        var unknown = ClassFolders(test).Except(classNames, StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw new InputException($"{Path.Combine(test, unknown)}: the class does not occur in {train}. Add training images or delete the folder.");
        }

        var name = NameOf(folder);
        return (Create(name, train, classNames, size, resize, cacheBytes, everyClass: true), Create(name, test, classNames, size, resize, cacheBytes, everyClass: false));
    }

    /// <summary>What the data are, however their folder is called.</summary>
    public const string Kind = "image folder";

    /// <summary>What reports call the data: by the name of the folder.</summary>
    public static string NameOf(string folder) => $"{Kind} {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}";

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

    private static ImageFolderDataset Create(string name, string split, string[] classNames, int size, int resize, long cacheBytes, bool everyClass)
    {
        var paths = new List<string>();
        var labels = new List<int>();
        for (var label = 0; label < classNames.Length; label++)
        {
            var folder = Path.Combine(split, classNames[label]);
            var images = Images(folder);
            if (images.Length == 0 && everyClass)
            {
                throw new InputException($"{folder}: the class has no image ({string.Join(", ", ImageDecoder.Extensions)}). Add images or delete the folder.");
            }

            paths.AddRange(images);
            labels.AddRange(Enumerable.Repeat(label, images.Length));
        }

        return paths.Count > 0
            ? new ImageFolderDataset(name, classNames, [.. paths], [.. labels], size, resize, cacheBytes)
            : throw new InputException($"{split}: no image in any class folder ({string.Join(", ", ImageDecoder.Extensions)}). {Layout}");
    }
}
