namespace DcpNas.Data.Checks;

/// <summary>Checks the four files of MNIST.</summary>
internal sealed class MnistCheck(string kind, string folder)
{
    private readonly CheckLog _log = new(MnistReader.ClassNames);
    private readonly HashSet<string> _known = [];
    private bool _official = true;

    public CheckedDataset Run()
    {
        CheckPair(test: false, Read(0, 3), Read(1, 1));
        CheckPair(test: true, Read(2, 3), Read(3, 1));
        _log.AddOddFiles(folder, _known.Contains);
        return _log.ToResult(kind, _official ? MnistReader.OfficialName : $"{MnistReader.OfficialName} (not the official files)", folder, _official);
    }

    private IdxFile? Read(int number, int dimensions)
    {
        var (file, checksum) = MnistReader.Files[number];
        var path = MnistReader.Find(folder, file);
        if (path is null)
        {
            _official = false;
            _log.Add(FindingSeverity.Error, Path.Combine(folder, file), "the file is missing, also as .gz.");
            return null;
        }

        _known.Add(Path.GetFileName(path));
        try
        {
            var content = IdxFile.Read(path, dimensions);
            _official = _official && Checksum.Of(content.Bytes, checksum) == checksum;
            return content;
        }
        catch (InputException error)
        {
            _official = false;
            _log.Add(error, path);
            return null;
        }
    }

    private void CheckPair(bool test, IdxFile? images, IdxFile? labels)
    {
        if (images is null || labels is null)
        {
            return;
        }

        if (images.Sizes[0] != labels.Sizes[0])
        {
            _log.Add(FindingSeverity.Error, labels.Path, $"at byte 4, expected {images.Sizes[0]} labels, one per image of {images.Path}, but found {labels.Sizes[0]}.");
        }

        var imageBytes = images.Sizes[1] * images.Sizes[2];
        for (var i = 0; i < int.Min(images.Sizes[0], labels.Sizes[0]); i++)
        {
            int label = labels.Elements[i];
            if (label < MnistReader.ClassNames.Length)
            {
                _log.AddImage(test, label, $"{images.Sizes[2]} x {images.Sizes[1]}", images.Path, $"image {i}", images.Elements.Slice(i * imageBytes, imageBytes));
            }
            else
            {
                _log.Add(FindingSeverity.Error, labels.Path, $"at label {i} (byte {8 + i}), expected a label from 0 to 9 but found {label}.");
            }
        }
    }
}
