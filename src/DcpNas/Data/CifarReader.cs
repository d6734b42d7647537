namespace DcpNas.Data;

/// <summary>Reads the official binary files of CIFAR-10 and CIFAR-100 (fine labels).</summary>
internal static class CifarReader
{
    private const string DownloadAgain = "Download the archive again.";

    /// <summary>Reads training and test images.</summary>
    /// <param name="format">Which of the two.</param>
    /// <param name="folder">The folder that holds the <c>.bin</c> files themselves.</param>
    /// <param name="anyLength">Whether files may hold another number of images than the official ones; for tests.</param>
    /// <exception cref="InputException">A file is missing, truncated or holds an impossible label.</exception>
    public static (IImageDataset Train, IImageDataset Test) Read(CifarFormat format, string folder, bool anyLength = false)
    {
        var classNames = ReadClassNames(format, folder);
        var checksums = new List<string>();
        var (trainPixels, trainLabels) = ReadFiles(format, folder, format.TrainFiles, anyLength, checksums);
        var (testPixels, testLabels) = ReadFiles(format, folder, [format.TestFile], anyLength, checksums);
        var (name, _) = format.NameOf(checksums);
        return (
            new InMemoryDataset(name, classNames, 3, CifarFormat.Side, CifarFormat.Side, trainPixels, trainLabels),
            new InMemoryDataset(name, classNames, 3, CifarFormat.Side, CifarFormat.Side, testPixels, testLabels));
    }

    /// <summary>The class names of the folder, or the built-in ones where it has no list.</summary>
    public static string[] ReadClassNames(CifarFormat format, string folder)
    {
        var path = Path.Combine(folder, format.ClassFile);
        if (!File.Exists(path))
        {
            return format.ClassNames;
        }

        string[] names = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == format.ClassCount
            ? names
            : throw InputException.InFile(path, "its end", $"{format.ClassCount} class names, one per line", $"{names.Length}", DownloadAgain);
    }

    private static (byte[] Pixels, byte[] Labels) ReadFiles(CifarFormat format, string folder, string[] names, bool anyLength, List<string> checksums)
    {
        string[] paths = [.. names.Select(name => Path.Combine(folder, name))];
        var missing = Array.Find(paths, path => !File.Exists(path));
        if (missing is not null)
        {
            throw new InputException($"{missing}: the file is missing. {format.Title} needs {string.Join(", ", format.AllFiles)}. {DownloadAgain}");
        }

        var counts = Array.ConvertAll(paths, path => CountRecords(format, path, anyLength));
        var pixels = new byte[checked(counts.Sum() * CifarFormat.PixelBytes)];
        var labels = new byte[counts.Sum()];
        var image = 0;
        for (var file = 0; file < paths.Length; file++)
        {
            var bytes = DataFile.ReadAllBytes(paths[file]);
            checksums.Add(Checksum.Of(bytes, "sha1:"));
            for (var record = 0; record < counts[file]; record++, image++)
            {
                var start = record * format.RecordBytes;
                labels[image] = bytes[start + format.LabelBytes - 1];
                if (labels[image] >= format.ClassCount)
                {
                    throw InputException.InFile(paths[file], $"record {record} (byte {start + format.LabelBytes - 1})",
                        $"a label from 0 to {format.ClassCount - 1}", $"{labels[image]}", DownloadAgain);
                }

                bytes.AsSpan(start + format.LabelBytes, CifarFormat.PixelBytes).CopyTo(pixels.AsSpan(image * CifarFormat.PixelBytes));
            }
        }

        return (pixels, labels);
    }

    private static int CountRecords(CifarFormat format, string path, bool anyLength)
    {
        var length = DataFile.Length(path);
        var rest = length % format.RecordBytes;
        if (length == 0 || rest != 0)
        {
            throw InputException.InFile(path, $"byte {length - rest}", $"a record of {format.RecordBytes} bytes", $"{rest} bytes before the end of the file",
                $"The file is truncated: {char.ToLowerInvariant(DownloadAgain[0])}{DownloadAgain[1..]}");
        }

        var records = checked((int)(length / format.RecordBytes));
        var expected = format.ImagesIn(Path.GetFileName(path));
        return anyLength || records == expected
            ? records
            : throw InputException.InFile(path, "its end", $"{expected} images", $"{records}", DownloadAgain);
    }
}
