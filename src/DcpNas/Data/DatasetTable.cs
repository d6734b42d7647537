using DcpNas.Data.Checks;
using DcpNas.Data.Repairs;

namespace DcpNas.Data;

/// <summary>The data sets for classification, a row each. Commands, checks, messages and docs/datasets.md read them here alone; docs/extending.md says how to add one.</summary>
internal static class DatasetTable
{
    /// <summary>The rows, in the order in which texts list them.</summary>
    public static IReadOnlyList<DatasetDescription> All { get; } =
    [
        Cifar("cifar10", CifarFormat.Cifar10, "cifar-10-binary.tar.gz", "md5:c32a1d4ab5d03f1284b67883e8d87530") with
        {
            Layout = "`data_batch_1.bin` ... `data_batch_5.bin`, `test_batch.bin` (the binary version); `batches.meta.txt` if there",
            Statistics = new([0.49139968, 0.48215841, 0.44653091], [0.24703223, 0.24348513, 0.26158784]),
        },
        Cifar("cifar100", CifarFormat.Cifar100, "cifar-100-binary.tar.gz", "md5:03b5dce01913d631647c71ecec9e9cb8") with
        {
            Layout = "`train.bin`, `test.bin` (the binary version; fine labels are learned); `fine_label_names.txt` if there",
            Statistics = new([0.50707516, 0.48654887, 0.44091784], [0.26733429, 0.25643846, 0.27615047]),
        },
        new()
        {
            Name = "mnist",
            Title = MnistReader.OfficialName,
            Files = [.. MnistReader.Files.Select(file => file.File)],
            Layout = "`train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, each plain or `.gz`",
            FilesIn = folder => MnistReader.Files.Select(file => MnistReader.Find(folder, file.File)).OfType<string>(),
            Read = (folder, _) => MnistReader.Read(folder),
            Check = (kind, folder, _) => new MnistCheck(kind, folder).Run(),
            Statistics = new([0.13066048], [0.30810780]),
            Augmentation = _ => new() { CropPadding = 2 }, // no mirrored digits, and no Cutout: it can hide the one stroke that tells 1 from 7
            Source = new()
            {
                // The original server no longer hands the files out; this copy is the one that PyTorch uses, and the checksums are the original ones.
                BaseAddress = new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                Folder = "mnist",
                Files =
                [
                    new("train-images-idx3-ubyte.gz", "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                    new("train-labels-idx1-ubyte.gz", "md5:d53e105ee54ea40749a09fcbcd1e9432"),
                    new("t10k-images-idx3-ubyte.gz", "md5:9fb629c4189551a2d022fa330f9573f3"),
                    new("t10k-labels-idx1-ubyte.gz", "md5:ec29112dd5afa0611ce80d1b7f02629c"),
                ],
            },
        },
        new()
        {
            Name = DatasetNames.Folder,
            Title = "image folder",
            Files = ["train/CLASS/*.jpg", "val/CLASS/*.jpg", "CLASS/*.jpg", LabelFile.PreferredName],
            Layout = "`train/CLASS/*` and `val/CLASS/*` (or `valid`, `validation`, `test`); `train/CLASS/*` alone; `CLASS/*` in `DIR` itself; "
                + "images in `DIR` itself with a table `labels.csv`",
            FilesIn = folder => ImageFolderReader.HasTrainFolder(folder) ? [Path.Combine(folder, "train")] : [],
            IsLike = ImageFolderReader.IsUnsplit,
            Read = ImageFolderReader.Read,
            Check = (_, folder, _) => ImageFolderReader.HasTrainFolder(folder) ? new ImageFolderCheck(folder).Run() : ImageFolderCheck.RunUnsplit(folder),
            Repair = ImageFolderRepair.Run,
            Augmentation = side => new() { CropPadding = side / 8, HorizontalFlip = true },
        },
        new()
        {
            Name = DatasetNames.Synthetic,
            Title = "synthetic shapes",
            Files = [],
            Layout = "none: the images are generated",
            FilesIn = _ => [],
            Read = (_, options) => (
                new SyntheticDataset(options.SyntheticSeed, options.SyntheticTrainImages, test: false),
                new SyntheticDataset(options.SyntheticSeed, options.SyntheticTestImages, test: true)),
            Augmentation = _ => new() { CropPadding = 4, HorizontalFlip = true },
        },
    ];

    /// <summary>The row of a name; null if there is none.</summary>
    public static DatasetDescription? Find(string name) => All.FirstOrDefault(row => row.Name == name);

    private static DatasetDescription Cifar(string name, CifarFormat format, string archive, string checksum) => new()
    {
        Name = name,
        Title = format.Title,
        Files = [.. format.AllFiles],
        Layout = "",
        FilesIn = folder => format.AllFiles.Select(file => Path.Combine(folder, file)).Where(File.Exists),
        Companions = [format.ClassFile],
        Read = (folder, options) => CifarReader.Read(format, folder, options.AnyLength),
        Check = (kind, folder, anyLength) => new CifarCheck(format, kind, folder, anyLength).Run(),
        Augmentation = _ => AugmentationOptions.Cifar,
        Source = new()
        {
            BaseAddress = new Uri("https://www.cs.toronto.edu/~kriz/"),
            Folder = format.FolderName,
            Files = [new(archive, checksum, format.OfficialFiles())],
        },
    };
}
