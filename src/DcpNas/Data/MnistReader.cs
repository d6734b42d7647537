namespace DcpNas.Data;

/// <summary>Reads the four IDX files of MNIST, plain or as <c>.gz</c>.</summary>
internal static class MnistReader
{
    public const string OfficialName = "MNIST";

    /// <summary>File names without <c>.gz</c>, with the published MD5 of the uncompressed files.</summary>
    public static readonly (string File, string Checksum)[] Files =
    [
        ("train-images-idx3-ubyte", "md5:6bbc9ace898e44ae57da46a324031adb"),
        ("train-labels-idx1-ubyte", "md5:a25bea736e30d166cdddb491f175f624"),
        ("t10k-images-idx3-ubyte", "md5:2646ac647ad5339dbf082846283269ea"),
        ("t10k-labels-idx1-ubyte", "md5:27ae3e4e09519cfbb04c329615203637"),
    ];

    public static readonly string[] ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Reads training and test images.</summary>
    /// <exception cref="InputException">A file is missing, damaged, or does not fit the others.</exception>
    public static (IImageDataset Train, IImageDataset Test) Read(string folder)
    {
        var official = true;
        var (trainImages, trainLabels) = ReadPair(folder, 0, ref official);
        var (testImages, testLabels) = ReadPair(folder, 2, ref official);
        if (!testImages.Sizes.AsSpan(1).SequenceEqual(trainImages.Sizes.AsSpan(1)))
        {
            throw InputException.InFile(testImages.Path, "byte 8", $"images of {trainImages.Sizes[1]} x {trainImages.Sizes[2]} pixels as in {trainImages.Path}",
                $"{testImages.Sizes[1]} x {testImages.Sizes[2]}", "Keep files of one data set in a folder.");
        }

        var name = official ? OfficialName : $"{OfficialName} (not the official files)";
        return (Create(name, trainImages, trainLabels), Create(name, testImages, testLabels));
    }

    /// <summary>The path of a file, in any of its usual spellings; null if the folder does not hold it.</summary>
    public static string? Find(string folder, string file)
    {
        // Some tools write "train-images.idx3-ubyte".
        var dotted = file.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] spellings = [file, dotted, $"{file}.gz", $"{dotted}.gz"];
        return spellings.Select(spelling => Path.Combine(folder, spelling)).FirstOrDefault(File.Exists);
    }

    private static (IdxFile Images, IdxFile Labels) ReadPair(string folder, int first, ref bool official)
    {
        var images = IdxFile.Read(FindOrThrow(folder, Files[first].File), 3);
        var labels = IdxFile.Read(FindOrThrow(folder, Files[first + 1].File), 1);
        if (labels.Sizes[0] != images.Sizes[0])
        {
            throw InputException.InFile(labels.Path, "byte 4", $"{images.Sizes[0]} labels, one per image of {images.Path}", $"{labels.Sizes[0]}",
                "Download both files again.");
        }

        var wrong = labels.Elements.IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (wrong >= 0)
        {
            throw InputException.InFile(labels.Path, $"label {wrong} (byte {8 + wrong})", "a label from 0 to 9", $"{labels.Elements[wrong]}", "Download the file again.");
        }

        official = official && Checksum.Of(images.Bytes, "md5:") == Files[first].Checksum && Checksum.Of(labels.Bytes, "md5:") == Files[first + 1].Checksum;
        return (images, labels);
    }

    private static string FindOrThrow(string folder, string file) => Find(folder, file)
        ?? throw new InputException($"{Path.Combine(folder, file)}: the file is missing, also as .gz. MNIST needs {string.Join(", ", Files.Select(f => f.File))}. "
            + "Download the files again.");

    private static InMemoryDataset Create(string name, IdxFile images, IdxFile labels) =>
        new(name, ClassNames, 1, images.Sizes[1], images.Sizes[2], images.Elements.ToArray(), labels.Elements.ToArray());
}
