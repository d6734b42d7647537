namespace DcpNas.Data.Checks;

/// <summary>Checks an image folder: decodes every image.</summary>
internal sealed class ImageFolderCheck
{
    private readonly string _folder;
    private readonly string[] _classNames;
    private readonly CheckLog _log;

    public ImageFolderCheck(string folder)
    {
        _folder = folder;
        _classNames = ImageFolderReader.ClassFolders(Path.Combine(folder, "train"));
        _log = new CheckLog(_classNames);
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
            _log.Add(FindingSeverity.Error, Path.Combine(_folder, "val"), "the folder is missing.");
        }
        else
        {
            foreach (var unknown in ImageFolderReader.ClassFolders(test).Except(_classNames, StringComparer.Ordinal))
            {
                _log.Add(FindingSeverity.Error, Path.Combine(test, unknown), "the class does not occur in train.");
            }

            CheckSplit(test, test: true);
        }

        return _log.ToResult(DatasetNames.Folder, ImageFolderReader.NameOf(_folder), _folder, official: null);
    }

    private void CheckSplit(string split, bool test)
    {
        _log.AddOddFiles(split, _ => false);
        for (var label = 0; label < _classNames.Length; label++)
        {
            var folder = Path.Combine(split, _classNames[label]);
            var images = ImageFolderReader.Images(folder);
            if (images.Length == 0)
            {
                _log.Add(test ? FindingSeverity.Warning : FindingSeverity.Error, folder,
                    $"the class has no {(test ? "test" : "training")} image ({string.Join(", ", ImageDecoder.Extensions)}).");
            }

            foreach (var path in images)
            {
                CheckImage(path, label, test);
            }

            if (Directory.Exists(folder))
            {
                _log.AddOddFiles(folder, name => ImageDecoder.IsImage(name) && name[0] != '.');
                foreach (var inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
                {
                    _log.Add(FindingSeverity.Warning, inner, "folders inside a class are not read.");
                }
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
