namespace DcpNas.Data;

/// <summary>Where the official files of a data set are published.</summary>
public sealed record DatasetSource
{
    private static readonly DatasetSource[] Known =
    [
        new()
        {
            Name = DatasetNames.Cifar10,
            BaseAddress = new Uri("https://www.cs.toronto.edu/~kriz/"),
            Folder = CifarFormat.Cifar10.FolderName,
            Files = [new("cifar-10-binary.tar.gz", "md5:c32a1d4ab5d03f1284b67883e8d87530", CifarFormat.Cifar10.OfficialFiles())],
        },
        new()
        {
            Name = DatasetNames.Cifar100,
            BaseAddress = new Uri("https://www.cs.toronto.edu/~kriz/"),
            Folder = CifarFormat.Cifar100.FolderName,
            Files = [new("cifar-100-binary.tar.gz", "md5:03b5dce01913d631647c71ecec9e9cb8", CifarFormat.Cifar100.OfficialFiles())],
        },

        // The original server no longer hands the files out; this copy is the one that PyTorch uses, and the checksums are the original ones.
        new()
        {
            Name = DatasetNames.Mnist,
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
    ];

    /// <summary>One of <see cref="DatasetNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The address in front of every file name; ends with a slash. A mirror with the same files may take its place.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>The folder that the files make below the data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The files to download.</summary>
    public required IReadOnlyList<SourceFile> Files { get; init; }

    /// <summary>The source of a data set.</summary>
    /// <param name="name">One of <see cref="DatasetNames"/>.</param>
    /// <exception cref="InputException">The data set cannot be downloaded.</exception>
    public static DatasetSource For(string name) => Array.Find(Known, source => source.Name == name)
        ?? throw new InputException($"Data set '{name}' cannot be downloaded. Data sets that can: {string.Join(", ", Known.Select(source => source.Name))}.");

    /// <summary>A file to download.</summary>
    /// <param name="FileName">Name below the base address and below the data folder.</param>
    /// <param name="Checksum">The published checksum, <c>md5:...</c> or <c>sha1:...</c>.</param>
    /// <param name="Contents">Of a <c>.tar.gz</c> that is unpacked and then deleted: the checksums of the files in it by their names; else null.</param>
    public sealed record SourceFile(string FileName, string Checksum, IReadOnlyDictionary<string, string>? Contents = null);
}
