namespace DcpNas.Data.Checks;

/// <summary>Checks the binary files of CIFAR-10 or CIFAR-100.</summary>
internal sealed class CifarCheck(CifarFormat format, string kind, string folder, bool anyLength)
{
    private static readonly string[] Companions = ["readme.html", "coarse_label_names.txt"];

    public CheckedDataset Run()
    {
        string[] classNames;
        InputException? fault = null;
        try
        {
            classNames = CifarReader.ReadClassNames(format, folder);
        }
        catch (InputException error)
        {
            (classNames, fault) = (format.ClassNames, error);
        }

        var log = new CheckLog(classNames);
        if (fault is not null)
        {
            log.Add(fault, Path.Combine(folder, format.ClassFile));
        }

        var checksums = new List<string>();
        foreach (var file in format.AllFiles)
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
            {
                log.Add(FindingSeverity.Error, path, "the file is missing.");
                continue;
            }

            try
            {
                var bytes = DataFile.ReadAllBytes(path);
                checksums.Add(Checksum.Of(bytes, "sha1:"));
                CheckRecords(log, path, file == format.TestFile, bytes);
            }
            catch (InputException error)
            {
                log.Add(error, path);
            }
        }

        log.AddOddFiles(folder, name => format.AllFiles.Contains(name) || name == format.ClassFile || Companions.Contains(name));
        var (title, official) = format.NameOf(checksums);
        return log.ToResult(kind, title, folder, official);
    }

    private void CheckRecords(CheckLog log, string path, bool test, byte[] bytes)
    {
        var records = bytes.Length / format.RecordBytes;
        var rest = bytes.Length % format.RecordBytes;
        var expected = format.ImagesIn(Path.GetFileName(path));
        if (rest != 0 || records == 0)
        {
            log.Add(FindingSeverity.Error, path,
                $"at byte {bytes.Length - rest}, expected a record of {format.RecordBytes} bytes but found {rest} bytes before the end of the file.");
        }
        else if (records != expected)
        {
            log.Add(anyLength ? FindingSeverity.Warning : FindingSeverity.Error, path, $"at its end, expected {expected} images but found {records}.");
        }

        var outOfRange = 0;
        for (var record = 0; record < records; record++)
        {
            var content = bytes.AsSpan(record * format.RecordBytes, format.RecordBytes);
            int label = content[format.LabelBytes - 1];
            if (label < format.ClassCount)
            {
                log.AddImage(test, label, $"{CifarFormat.Side} x {CifarFormat.Side}", path, $"record {record}", content[format.LabelBytes..]);
            }
            else if (outOfRange++ == 0)
            {
                log.Add(FindingSeverity.Error, path, $"at record {record} (byte {(record * format.RecordBytes) + format.LabelBytes - 1}), "
                    + $"expected a label from 0 to {format.ClassCount - 1} but found {label}.");
            }
        }

        if (outOfRange > 1)
        {
            log.Add(FindingSeverity.Error, path, $"{outOfRange} labels are out of range; the first is listed.");
        }
    }
}
