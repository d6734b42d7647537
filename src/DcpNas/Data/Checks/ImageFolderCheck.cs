namespace DcpNas.Data.Checks;

/// <summary>Checks an image folder: decodes every image.</summary>
internal sealed class ImageFolderCheck
{
    private const string HeldOut = "there is no folder val or test, and no table that names test images: searches and trainings hold a fifth of every class out for that, always the same.";

    private readonly string _folder;
    private readonly string[] _classNames;
    private readonly CheckLog _log;

    public ImageFolderCheck(string folder)
        : this(folder, ImageFolderReader.ClassFolders(Path.Combine(folder, "train")))
    {
    }

    private ImageFolderCheck(string folder, string[] classNames) => (_folder, _classNames, _log) = (folder, classNames, new CheckLog(classNames));

    /// <summary>Checks a folder of classes, or of images with a table of labels.</summary>
    public static CheckedDataset RunUnsplit(string folder)
    {
        ImageListing listing;
        try
        {
            listing = ImageFolderReader.List(folder);
        }
        catch (InputException error)
        {
            var unread = new CheckLog([]);
            unread.Add(error, folder);
            return unread.ToResult(DatasetNames.Folder, ImageFolderReader.NameOf(folder), folder, official: null);
        }

        var check = new ImageFolderCheck(folder, listing.ClassNames);
        foreach (var (path, label) in listing.Train)
        {
            check.CheckImage(path, label, test: false);
        }

        foreach (var (path, label) in listing.Test ?? [])
        {
            check.CheckImage(path, label, test: true);
        }

        if (listing.Test is null)
        {
            check._log.Add(FindingSeverity.Note, folder, HeldOut);
        }

        var listed = listing.Train.Concat(listing.Test ?? []).Select(image => Path.GetFullPath(image.Path)).ToHashSet(StringComparer.Ordinal);
        var unlisted = ImageFolderReader.Images(folder).Where(path => !listed.Contains(Path.GetFullPath(path))).ToList();
        if (unlisted.Count > 0)
        {
            check._log.Add(FindingSeverity.Warning, folder, $"{unlisted.Count} images of the folder have no label and are ignored; the first is {Path.GetFileName(unlisted[0])}.");
        }

        return check._log.ToResult(DatasetNames.Folder, ImageFolderReader.NameOf(folder), folder, official: null);
    }

    public CheckedDataset Run()
    {
        if (_classNames.Length < 2)
        {
            _log.Add(FindingSeverity.Error, Path.Combine(_folder, "train"), $"expected a folder for each of at least 2 classes but found {_classNames.Length}.");
        }

        CheckSplit(Path.Combine(_folder, "train"), test: false);
        var test = ImageFolderReader.TestFolder(_folder);
        if (test is null)
        {
            _log.Add(FindingSeverity.Note, _folder, HeldOut);
        }
        else
        {
            foreach (var unknown in ImageFolderReader.Unknown(test, _classNames))
            {
                _log.Add(FindingSeverity.Error, Path.Combine(test, unknown), $"the class does not occur in train.{FileNames.Why(Path.Combine(_folder, "train", unknown))}");
            }

            CheckSplit(test, test: true);
        }

        return _log.ToResult(DatasetNames.Folder, ImageFolderReader.NameOf(_folder), _folder, official: null);
    }

    private void CheckSplit(string split, bool test)
    {
        _log.AddOddFiles(split, _ => false);
        if (ImageFolderReader.OneName(ImageFolderReader.ClassFolders(split)) is { } alike)
        {
            _log.Add(FindingSeverity.Error, Path.Combine(split, alike.First), ImageFolderReader.OneNameFault(alike.First));
        }

        for (var label = 0; label < _classNames.Length; label++)
        {
            var folder = ImageFolderReader.ClassFolder(split, _classNames[label]);
            var images = ImageFolderReader.Images(folder);
            if (FileNames.IsUnreadable(folder))
            {
                _log.Add(FindingSeverity.Error, folder, $"cannot be opened.{FileNames.Why(folder)}");
            }
            else if (images.Length == 0)
            {
                _log.Add(test ? FindingSeverity.Warning : FindingSeverity.Error, folder,
                    $"the class has no {(test ? "test" : "training")} image ({ImageDecoder.ExtensionList}).");
            }

            foreach (var path in images)
            {
                CheckImage(path, label, test);
            }

            if (Directory.Exists(folder))
            {
                _log.AddOddFiles(folder, name => ImageDecoder.IsImage(name) && name[0] != '.');
                _log.AddOddFolders(Directory.EnumerateDirectories(folder));
            }
        }
    }

    private void CheckImage(string path, int label, bool test)
    {
        try
        {
            var (width, height) = ImageDecoder.Verify(path);
            _log.AddImage(test, label, $"{width} x {height}", path, null, DataFile.ReadAllBytes(path));
        }
        catch (InputException error)
        {
            _log.Add(error, path);
        }
    }
}
