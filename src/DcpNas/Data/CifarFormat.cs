namespace DcpNas.Data;

/// <summary>The binary layout of CIFAR-10 or CIFAR-100: records of label bytes and 3072 pixel bytes, red, green and blue plane in turn.</summary>
/// <remarks>
/// Layout and archive checksums: A. Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html. The page gives no checksums of the single files;
/// theirs are those by which Apache MXNet (gluon.data.vision) verifies the unpacked archive.
/// </remarks>
internal sealed record CifarFormat
{
    public const int Side = 32;
    public const int PixelBytes = 3 * Side * Side;
    private const int TrainImages = 50_000;
    private const int TestImages = 10_000;

    public static readonly CifarFormat Cifar10 = new()
    {
        Title = "CIFAR-10",
        FolderName = "cifar-10-batches-bin",
        ClassFile = "batches.meta.txt",
        ClassCount = 10,
        LabelBytes = 1,
        TrainFiles = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"],
        TestFile = "test_batch.bin",
        ClassNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        Known =
        [
            new("CIFAR-10", true,
            [
                "sha1:aadd24acce27caa71bf4b10992e9e7b2d74c2540", "sha1:c0ba65cce70568cd57b4e03e9ac8d2a5367c1795",
                "sha1:1dd00a74ab1d17a6e7d73e185b69dbf31242f295", "sha1:aab85764eb3584312d3c7f65fd2fd016e36a258e",
                "sha1:26e2849e66a845b7f1e4614ae70f4889ae604628", "sha1:67eb016db431130d61cd03c7ad570b013799c88c",
            ]),

            // The images of CIFAR-10 stored as JPEG of quality 75 and decoded again: same labels and order, slightly different pixels.
            new("CIFAR-10 (JPEG q75 copy)", false,
            [
                "sha1:87d9f4d1aa046f162b5c83490fa9f3db74e16ea7", "sha1:ebebad11a34c7e94b49b0e759d6bacbb431ae316",
                "sha1:f137dfb493cae8f1be014e7a82c5ac21a68db641", "sha1:14fbdf5104142dea134bc0b346a6a39b8e12b694",
                "sha1:f03bac0a7ba1e3fad27ecb453a88e479de5a78d3", "sha1:4a8b485c45a2db327104f044d89d6b02106ee711",
            ]),
        ],
    };

    public static readonly CifarFormat Cifar100 = new()
    {
        Title = "CIFAR-100",
        FolderName = "cifar-100-binary",
        ClassFile = "fine_label_names.txt",
        ClassCount = 100,
        LabelBytes = 2,
        TrainFiles = ["train.bin"],
        TestFile = "test.bin",
        ClassNames = [.. Enumerable.Range(0, 100).Select(label => $"class {label}")],
        Known =
        [
            new("CIFAR-100", true, ["sha1:e207cd2e05b73b1393c74c7f5e7bea451d63e08e", "sha1:8fb6623e830365ff53cf14adec797474f5478006"]),
        ],
    };

    public required string Title { get; init; }

    /// <summary>The folder inside the official archive.</summary>
    public required string FolderName { get; init; }

    /// <summary>The file with one class name per line.</summary>
    public required string ClassFile { get; init; }

    public required int ClassCount { get; init; }

    /// <summary>Label bytes before the pixels; the last one is the (fine) label.</summary>
    public required int LabelBytes { get; init; }

    public required string[] TrainFiles { get; init; }

    public required string TestFile { get; init; }

    /// <summary>Names for a folder without <see cref="ClassFile"/>.</summary>
    public required string[] ClassNames { get; init; }

    /// <summary>Sets of files whose checksums are known.</summary>
    public required KnownFiles[] Known { get; init; }

    public int RecordBytes => LabelBytes + PixelBytes;

    public IEnumerable<string> AllFiles => TrainFiles.Append(TestFile);

    /// <summary>How many images an official file holds.</summary>
    public int ImagesIn(string file) => file == TestFile ? TestImages : TrainImages / TrainFiles.Length;

    /// <summary>The checksums of the official files by their names.</summary>
    public IReadOnlyDictionary<string, string> OfficialFiles() =>
        AllFiles.Zip(Array.Find(Known, set => set.Official)!.Checksums).ToDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>The honest name of the files with these checksums, in the order of <see cref="AllFiles"/>.</summary>
    public (string Name, bool Official) NameOf(IReadOnlyList<string> checksums)
    {
        var known = Array.Find(Known, set => set.Checksums.SequenceEqual(checksums));
        return known is null ? ($"{Title} (not the official files)", false) : (known.Name, known.Official);
    }

    /// <summary>One known set of files: training files, then the test file.</summary>
    public sealed record KnownFiles(string Name, bool Official, string[] Checksums);
}
